package io.github.tralign.report;

import java.util.Locale;

/** The groups of charts, in the order on a page. */
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

  /** The id of the group's heading in the page. */
  String id() {
    return "charts-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
