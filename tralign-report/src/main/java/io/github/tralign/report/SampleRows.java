package io.github.tralign.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Table;
import com.google.common.collect.TreeBasedTable;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The completions of a run's prompts, from its {@code samples.jsonl}.
 *
 * @param texts of the completions, by step and number of the prompt
 * @param prompts by their numbers
 */
record SampleRows(Table<Long, Integer, String> texts, Map<Integer, String> prompts) {

  /** Prompts that a page shows. */
  private static final int SHOWN = 20;

  /** Times of a run that a page shows. */
  private static final int TIMES = 3;

  private static final String FILE = "samples.jsonl";

  /** A prompt with a completion in each column; an empty one where there is none. */
  public record Side(String prompt, ImmutableList<String> completions) {

    /** As a heading, without line ends around it. */
    public Side {
      prompt = prompt.strip();
    }
  }

  /**
   * Reads the file of a run's folder; without one there are no rows.
   *
   * @throws InvalidInputException if it is invalid
   */
  static SampleRows of(Path folder) {
    Path file = folder.resolve(FILE);
    Table<Long, Integer, String> texts = TreeBasedTable.create();
    Map<Integer, String> prompts = new LinkedHashMap<>();
    if (Files.isRegularFile(file)) {
      try {
        for (String line : Files.readAllLines(file)) {
          JsonNode row = new ObjectMapper().readTree(line);
          int index = row.path("index").asInt();
          texts.put(row.path("step").asLong(), index, row.path("completion").asText());
          prompts.put(index, row.path("prompt").asText());
        }
      } catch (IOException e) {
        throw new InvalidInputException(file + ": cannot be read: " + Reason.of(e), e);
      }
    }
    return new SampleRows(texts, prompts);
  }

  /** The step of the last completions; 0 if there are none. */
  long lastStep() {
    return texts.rowKeySet().stream().mapToLong(step -> step).max().orElse(0);
  }

  /** The steps that a page shows: the first, one in the middle and the last. */
  ImmutableList<Long> steps() {
    List<Long> all = new ArrayList<>(texts.rowKeySet());
    return all.size() <= TIMES
        ? ImmutableList.copyOf(all)
        : ImmutableList.of(all.get(0), all.get(all.size() / 2), all.get(all.size() - 1));
  }

  /** The prompts with their completions at the steps shown. */
  ImmutableList<Side> shown() {
    return prompts.entrySet().stream()
        .limit(SHOWN)
        .map(
            prompt ->
                new Side(
                    prompt.getValue(),
                    steps().stream()
                        .map(step -> text(step, prompt.getKey()))
                        .collect(ImmutableList.toImmutableList())))
        .collect(ImmutableList.toImmutableList());
  }

  private String text(long step, int index) {
    String text = texts.get(step, index);
    return text == null ? "" : text;
  }

  /** The last completion of a prompt; empty if there is none. */
  private String last(String prompt) {
    return prompts.entrySet().stream()
        .filter(it -> it.getValue().equals(prompt))
        .map(it -> text(lastStep(), it.getKey()))
        .findFirst()
        .orElse("");
  }

  /** The prompts of several runs with the last completion of each run. */
  static ImmutableList<Side> last(List<SampleRows> runs) {
    Set<String> prompts = new LinkedHashSet<>();
    runs.forEach(run -> prompts.addAll(run.prompts().values()));
    return prompts.stream()
        .limit(SHOWN)
        .map(
            prompt ->
                new Side(
                    prompt,
                    runs.stream()
                        .map(run -> run.last(prompt))
                        .collect(ImmutableList.toImmutableList())))
        .collect(ImmutableList.toImmutableList());
  }
}
