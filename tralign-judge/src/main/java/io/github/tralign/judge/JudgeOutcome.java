package io.github.tralign.judge;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a judge's replies come to.
 *
 * @param values numbers by name, in order
 * @param file the name of the file with a row for each answer
 * @param content of the file
 * @param columns what {@link Case#texts} are
 * @param cases each answer with its outcome
 */
public record JudgeOutcome(
    Map<String, Object> values,
    String file,
    String content,
    ImmutableList<String> columns,
    ImmutableList<Case> cases) {

  /** Copies the values. */
  public JudgeOutcome {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    requireNonNull(file, "file");
    requireNonNull(content, "content");
    requireNonNull(columns, "columns");
    requireNonNull(cases, "cases");
  }

  /**
   * An answer with its outcome.
   *
   * @param outcome such as {@code win}
   * @param strength by which cases of an outcome are sorted, the clearest first
   * @param texts the answers, and what the judge said of them
   */
  public record Case(
      String outcome, double strength, String instruction, ImmutableList<String> texts) {}

  /** Rows as JSON lines. */
  public static String lines(List<? extends JsonNode> rows) {
    return rows.stream().map(it -> it + "\n").collect(Collectors.joining());
  }
}
