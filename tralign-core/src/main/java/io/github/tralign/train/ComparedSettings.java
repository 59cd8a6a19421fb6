package io.github.tralign.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.hash.Hashing;
import io.github.tralign.InvalidInputException;
import io.github.tralign.checkpoint.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the processes of one run must have in common before it begins.
 *
 * @param values by name
 */
record ComparedSettings(Map<String, String> values) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Those of this process.
   *
   * @param weights a hash of the policy's weights
   */
  static ComparedSettings of(TrainerSettings settings, RunSettings described, String weights) {
    Map<String, String> values = new TreeMap<>(described.values());
    values.putAll(course(settings));
    Package here = ComparedSettings.class.getPackage();
    values.put("version of tralign", String.valueOf(here.getImplementationVersion()));
    values.put("weights", weights);
    return new ComparedSettings(values);
  }

  /** What changes no result, but which calls are made, so it must be the same too. */
  private static Map<String, String> course(TrainerSettings settings) {
    CheckpointSettings checkpoints = settings.checkpoints();
    return Map.of(
        "steps that are not finite", settings.onNan().toString(),
        "checkpoints", checkpoints.store().isPresent() ? "written" : "not written",
        "steps between checkpoints", String.valueOf(checkpoints.every()),
        "checkpoint of the best evaluation", String.valueOf(checkpoints.keepBest()),
        "resumed after step",
            checkpoints.resumed().map(Checkpoint::step).map(String::valueOf).orElse("none"),
        "cache", settings.cache().isPresent() ? "used" : "not used",
        "samples", settings.samples().map(ComparedSettings::describe).orElse("none"),
        "steps between comparisons of weights", String.valueOf(settings.compareWeightsEvery()));
  }

  private static String describe(SampleSettings samples) {
    String prompts = samples.prompts() + " " + samples.initial().isPresent();
    return String.format(
        Locale.ROOT,
        "prompts %s, every %d steps, seed %d, %s",
        Hashing.sha256().hashString(prompts, StandardCharsets.UTF_8).toString().substring(0, 12),
        samples.every(),
        samples.seed(),
        samples.sampling());
  }

  /**
   * Compares the settings of all ranks.
   *
   * @param all as {@link #toJson} writes them, in the order of ranks
   * @throws InvalidInputException naming which rank has what
   */
  static void requireSame(List<String> all) {
    List<Map<String, String>> ranks = all.stream().map(ComparedSettings::ofJson).toList();
    TreeSet<String> names = new TreeSet<>();
    ranks.forEach(it -> names.addAll(it.keySet()));
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      List<String> values = ranks.stream().map(it -> it.getOrDefault(name, "not set")).toList();
      exceptions(values)
          .forEach(
              (rank, usual) ->
                  differences.add(
                      String.format(
                          Locale.ROOT,
                          "%s: %s on rank %d, %s on rank %d",
                          name,
                          values.get(rank),
                          rank,
                          values.get(usual),
                          usual)));
    }
    if (!differences.isEmpty()) {
      throw new InvalidInputException(
          "the processes do not train the same: " + String.join("; ", differences));
    }
  }

  /** The ranks without the most frequent value, each with the first rank that has it. */
  static Map<Integer, Integer> exceptions(List<String> values) {
    int usual = 0;
    for (int rank = 1; rank < values.size(); rank++) {
      if (Collections.frequency(values, values.get(rank))
          > Collections.frequency(values, values.get(usual))) {
        usual = rank;
      }
    }
    Map<Integer, Integer> exceptions = new TreeMap<>();
    for (int rank = 0; rank < values.size(); rank++) {
      if (!values.get(rank).equals(values.get(usual))) {
        exceptions.put(rank, usual);
      }
    }
    return exceptions;
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> ofJson(String text) {
    try {
      return JSON.readValue(text, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
