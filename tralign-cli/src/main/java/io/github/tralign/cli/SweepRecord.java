package io.github.tralign.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What all runs in the folder of a sweep have in common, by option or by name, in {@code
 * settings.json}: runs with other settings cannot be compared with them.
 */
record SweepRecord(Map<String, String> values, CommandSpec command) {

  private static final String FILE = "settings.json";

  /** Options by which further runs may differ. */
  private static final Set<String> OF_GRID =
      Set.of("rules", "betas", "equal-betas", "seeds", "analyze");

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * The settings in effect.
   *
   * @param weights hashes of the model's files
   * @param data fingerprint of the pairs
   * @param held held-out pairs of other files
   * @param words the file with words that are counted
   */
  static SweepRecord of(
      CommandSpec command,
      Map<String, String> weights,
      String data,
      List<Example> held,
      Optional<Path> words) {
    Map<String, String> values = new LinkedHashMap<>();
    Settings.of(command).decisive().forEach((name, value) -> values.put(name, value.toString()));
    values.keySet().removeAll(OF_GRID);
    values.put("policy", weights.toString());
    values.put("data", data);
    values.remove("eval-data");
    if (!held.isEmpty()) {
      values.put("eval-data", PreferenceData.of(held).fingerprint());
    }
    values.remove("words");
    words.ifPresent(file -> values.put("words", Provenance.sha256(file)));
    return new SweepRecord(values, command);
  }

  /**
   * Refuses a folder with runs of other settings.
   *
   * @throws Refusal naming the option
   */
  void requireSame(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return;
    }
    Map<String, String> there = read(file);
    Map<String, String> all = new LinkedHashMap<>(there);
    all.putAll(values);
    for (String name : all.keySet()) {
      String mine = values.get(name);
      String other = there.get(name);
      if (!Objects.equals(mine, other)) {
        String message =
            (mine == null ? "is not given" : "is " + mine)
                + ", but "
                + (other == null ? "was not given" : other)
                + " in the runs of "
                + folder
                + "; use the same, or choose another folder";
        throw command.findOption("--" + name) == null
            ? new InvalidInputException(name + " " + message)
            : new Refusal("--" + name, message);
      }
    }
  }

  private static Map<String, String> read(Path file) {
    try {
      return JSON.readValue(Files.readString(file), new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(file + ": is invalid: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  void write(Path folder) {
    try {
      AtomicFile.writeString(folder.resolve(FILE), JSON.writeValueAsString(values) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("settings have no form in JSON", e);
    }
  }
}
