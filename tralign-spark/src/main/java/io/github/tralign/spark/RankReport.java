package io.github.tralign.spark;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a rank reports to the driver, as a line of text. */
record RankReport(Kind kind, int rank, int attempt, String text) {

  enum Kind {
    LINE,
    METRICS,
    END
  }

  private static final Pattern FORM = Pattern.compile("(LINE|METRICS|END) (\\d+) (\\d+) (.*)");

  static Optional<RankReport> parse(String line) {
    Matcher form = FORM.matcher(line);
    return form.matches()
        ? Optional.of(
            new RankReport(
                Kind.valueOf(form.group(1)),
                Integer.parseInt(form.group(2)),
                Integer.parseInt(form.group(3)),
                form.group(4)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return kind + " " + rank + " " + attempt + " " + text;
  }
}
