package io.github.tralign.cli;

import com.google.common.collect.ImmutableList;
import io.github.tralign.judge.JudgeOutcome;
import io.github.tralign.judge.JudgeOutcome.Case;
import io.github.tralign.report.ResultPage;
import io.github.tralign.report.ResultPage.Example;
import io.github.tralign.report.ResultPage.Group;
import io.github.tralign.text.Numbers;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The page of a judge's results, with examples of each outcome. */
final class JudgeReport {

  private static final int EXAMPLES = 8;
  private static final String NOTE = "The clearest ones first; %s of %s.";

  private JudgeReport() {}

  /**
   * Writes the page.
   *
   * @param settings what was judged, and how
   */
  static void write(Path file, JudgeOutcome outcome, Map<String, String> settings) {
    ResultPage page =
        new ResultPage(
            "Judgments of " + outcome.columns().get(0),
            "by " + settings.get("judge") + ", method " + settings.get("method"),
            outcome.columns());
    if (outcome.values().get("warning") instanceof String warning) {
      page.warning(warning);
    }
    Map<String, List<Case>> byOutcome =
        outcome.cases().stream()
            .collect(Collectors.groupingBy(Case::outcome, LinkedHashMap::new, Collectors.toList()));
    for (String name : List.of("win", "high", "loss", "low", "tie", "middle", "unread")) {
      List<Case> cases = byOutcome.getOrDefault(name, List.of());
      page.examples(new Group(title(name), note(cases.size()), examples(cases)));
    }
    page.write(file, texts(outcome.values()), settings);
  }

  private static ImmutableList<Example> examples(List<Case> cases) {
    return cases.stream()
        .sorted(Comparator.comparingDouble(Case::strength).reversed())
        .limit(EXAMPLES)
        .map(it -> new Example(it.instruction(), it.texts()))
        .collect(ImmutableList.toImmutableList());
  }

  private static String note(int count) {
    return String.format(
        Locale.ROOT, NOTE, Math.min(count, EXAMPLES), Numbers.count(count, "example"));
  }

  private static String title(String outcome) {
    return switch (outcome) {
      case "win" -> "Wins";
      case "loss" -> "Losses";
      case "tie" -> "Ties";
      case "high" -> "High scores";
      case "low" -> "Low scores";
      case "middle" -> "Scores between";
      default -> "Verdicts that could not be read";
    };
  }

  /** Numbers as texts, with few digits. */
  static Map<String, String> texts(Map<String, Object> values) {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach((name, value) -> texts.put(name, text(value)));
    return texts;
  }

  private static String text(Object value) {
    if (value instanceof Double number) {
      return Numbers.significant(number, 4);
    }
    if (value instanceof List<?> several) {
      return several.stream().map(JudgeReport::text).collect(Collectors.joining(" to "));
    }
    if (value instanceof Map<?, ?> several) {
      return several.entrySet().stream()
          .map(it -> it.getKey() + " " + text(it.getValue()))
          .collect(Collectors.joining(", "));
    }
    return value.toString();
  }
}
