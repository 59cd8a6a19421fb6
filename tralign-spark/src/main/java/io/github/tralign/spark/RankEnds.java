package io.github.tralign.spark;

import java.util.ArrayList;
import java.util.List;

/** How the ranks of the last attempt ended, in the order in which the driver heard of it. */
final class RankEnds {

  private record End(int rank, int exitCode, String lines) {}

  private final int attempts;
  private final List<End> ends = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private int attempt;

  RankEnds(int attempts) {
    this.attempts = attempts;
  }

  synchronized void accept(RankReport report) {
    if (report.attempt() > attempt) {
      attempt = report.attempt();
      ends.clear();
      lines.clear();
    }
    if (report.attempt() < attempt) {
      return;
    }
    if (report.kind() == RankReport.Kind.LINE) {
      if (lines.size() == 20) {
        lines.remove(0);
      }
      lines.add("rank " + report.rank() + ": " + report.text());
    } else if (report.kind() == RankReport.Kind.END) {
      int exitCode = Integer.parseInt(report.text());
      ends.add(new End(report.rank(), exitCode, String.join("\n  ", lines)));
    }
  }

  /**
   * Whether another attempt would be of no use, or is not wanted. An input that is invalid in a
   * later attempt was valid before: a process of the last one may still hold the run's folder.
   */
  synchronized boolean isFinal() {
    return (attempt == 0 && exitCode() == SparkTraining.INVALID)
        || (attempt + 1 >= attempts && ends.stream().anyMatch(end -> end.exitCode() != 0));
  }

  /** That of the first rank that failed, or 2 if an input is invalid; 1 if none ended by itself. */
  synchronized int exitCode() {
    if (ends.stream().anyMatch(end -> end.exitCode() == SparkTraining.INVALID)) {
      return SparkTraining.INVALID;
    }
    return ends.stream().mapToInt(End::exitCode).filter(code -> code != 0).findFirst().orElse(1);
  }

  synchronized String summary() {
    List<String> words = new ArrayList<>();
    for (End end : ends) {
      words.add("rank " + end.rank() + " ended with exit code " + end.exitCode());
    }
    String last =
        ends.stream()
            .filter(end -> end.exitCode() != 0)
            .findFirst()
            .map(end -> "; the last lines before:\n  " + end.lines())
            .orElse("");
    return "attempt "
        + (attempt + 1)
        + ": "
        + (words.isEmpty() ? "no rank ended by itself" : String.join(", ", words) + last);
  }
}
