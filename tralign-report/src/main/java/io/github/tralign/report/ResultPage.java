package io.github.tralign.report;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.report.SampleRows.Side;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A page of numbers and of texts side by side, without charts, such as a judge's results. */
public final class ResultPage {

  private final String title;
  private final String subtitle;
  private final ImmutableList<String> columns;
  private final List<String> warnings = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();

  /** Examples under a heading. */
  public record Group(String title, String note, ImmutableList<Example> examples) {

    /** Nothing may be null. */
    public Group {
      requireNonNull(title, "title");
      requireNonNull(note, "note");
      requireNonNull(examples, "examples");
    }
  }

  /**
   * A prompt and what was made of it.
   *
   * @param completions a text for each column of the page
   */
  public record Example(String prompt, ImmutableList<String> completions) {

    /** Nothing may be null. */
    public Example {
      requireNonNull(prompt, "prompt");
      requireNonNull(completions, "completions");
    }

    private Side side() {
      return new Side(prompt, completions);
    }
  }

  /**
   * A page.
   *
   * @param columns what the texts of its examples are
   */
  public ResultPage(String title, String subtitle, List<String> columns) {
    this.title = requireNonNull(title, "title");
    this.subtitle = requireNonNull(subtitle, "subtitle");
    this.columns = ImmutableList.copyOf(columns);
  }

  /** Adds a warning, which is shown first. */
  public ResultPage warning(String text) {
    warnings.add(requireNonNull(text, "text"));
    return this;
  }

  /** Adds examples, if there are any. */
  public ResultPage examples(Group group) {
    if (!group.examples().isEmpty()) {
      groups.add(group);
    }
    return this;
  }

  /**
   * Writes the page; an existing file is replaced.
   *
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void write(Path file, Map<String, String> results, Map<String, String> settings) {
    new Page("result.peb")
        .with("title", title)
        .with("subtitle", subtitle)
        .with("columns", columns)
        .with("warnings", warnings)
        .with("results", ImmutableMap.copyOf(results))
        .with("settings", ImmutableMap.copyOf(settings))
        .with(
            "groups",
            groups.stream()
                .map(
                    it ->
                        ImmutableMap.of(
                            "title", it.title(),
                            "note", it.note(),
                            "examples", it.examples().stream().map(Example::side).toList()))
                .toList())
        .write(requireNonNull(file, "file"));
  }
}
