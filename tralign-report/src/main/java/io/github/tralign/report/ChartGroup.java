package io.github.tralign.report;

import java.util.Locale;

/** What charts are about, in the order in which a page has them. */
enum ChartGroup {
  PROGRESS("Progress"),
  REWARDS("Rewards and log-probabilities"),
  HELD_OUT("Held-out rows"),
  REFERENCE("Reference"),
  OPTIMIZER("Optimizer"),
  COST("Speed and tokens"),
  OTHER("Other metrics"),
  DATA("Lengths of the data");

  final String title;

  ChartGroup(String title) {
    this.title = title;
  }

  /** Of the heading in the page. */
  String id() {
    return "charts-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
