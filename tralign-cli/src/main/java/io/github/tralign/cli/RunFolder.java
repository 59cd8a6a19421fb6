package io.github.tralign.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.tralign.InvalidInputException;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.Reason;
import io.github.tralign.text.Numbers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a run: {@code config.yaml}, {@code metrics.jsonl}, {@code summary.json}, model and
 * checkpoints.
 */
final class RunFolder {

  static final String OPTION = "--output";
  static final String CONFIG = "config.yaml";
  private static final String SUMMARY = "summary.json";
  private static final String BETA = LossSettings.BETA.substring(2);
  private static final String BETA_LAG = LossSettings.BETA_LAG.substring(2);
  private static final List<String> LENGTHS = List.of("epochs", "max-steps");

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /**
   * The folder of a new run.
   *
   * @throws Refusal if something is there that would be damaged, or if it cannot be created
   */
  static RunFolder at(Path path) {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(path)) {
      throw new Refusal(OPTION, path + " is a file; choose a new or empty folder");
    }
    if (Files.isDirectory(path) && !isEmpty(path)) {
      throw new Refusal(OPTION, path + occupied(path));
    }
    Path there = nearestExisting(path.toAbsolutePath().normalize());
    if (there != null && !(Files.isDirectory(there) && Files.isWritable(there))) {
      throw new Refusal(
          OPTION, path + " cannot be created: " + there + " is not a folder to write into");
    }
    RunFolder folder = new RunFolder(path);
    folder.tryToCreate(there);
    return folder;
  }

  private static String occupied(Path path) {
    if (!Files.exists(path.resolve(CONFIG))) {
      return " is not empty and stays as it is; choose a new or empty folder";
    }
    return new RunFolder(path).isComplete()
        ? " holds a complete run and stays as it is; choose a new or empty folder"
        : " holds an earlier run and stays as it is; choose a new or empty folder, or resume the run"
            + " with "
            + CheckpointOptions.RESUME;
  }

  /** Trying is the only early check; what was created is removed again. */
  private void tryToCreate(@Nullable Path there) {
    create();
    Path made = path.toAbsolutePath().normalize();
    while (made != null && !made.equals(there)) {
      try {
        Files.delete(made);
      } catch (IOException e) {
        return; // somebody else has begun to use it
      }
      made = made.getParent();
    }
  }

  /** A folder that is known to be the command's own. */
  static RunFolder holding(Path path) {
    return new RunFolder(path);
  }

  /**
   * The folder of a run to resume.
   *
   * @throws Refusal if there is none
   */
  static RunFolder toResume(Path path) {
    if (!Files.isRegularFile(path.resolve(CONFIG))) {
      throw new Refusal(CheckpointOptions.RESUME, path + " holds no run: it has no " + CONFIG);
    }
    return new RunFolder(path);
  }

  /**
   * Makes sure that the run does not overwrite a model or an adapter that it reads.
   *
   * @throws Refusal if it does
   */
  void keep(Path policy) {
    for (Path written : List.of(model(), adapter(), best())) {
      try {
        if (Files.exists(written) && Files.isSameFile(written, policy)) {
          throw new Refusal(OPTION, written + " is the model that is read; choose another folder");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(written + ": cannot be read: " + Reason.of(e), e);
      }
    }
  }

  boolean isComplete() {
    return Files.exists(path.resolve(SUMMARY));
  }

  /**
   * Extends a complete run, which is incomplete from now on.
   *
   * @throws Refusal if it is no greater
   */
  void reopen(long totalSteps) {
    Path summary = path.resolve(SUMMARY);
    try {
      long done = new ObjectMapper().readTree(Files.readString(summary)).path("steps").asLong();
      if (totalSteps <= done) {
        throw complete();
      }
      Files.delete(summary);
    } catch (NoSuchFileException e) {
      // It was not complete.
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(summary + ": is invalid: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(summary + ": cannot be changed: " + Reason.of(e), e);
    }
  }

  /** The run is complete: nothing is left to resume. */
  Refusal complete() {
    return new Refusal(
        CheckpointOptions.RESUME,
        "the run in "
            + path
            + " is complete"
            + RunExtension.advice(read(config()), CheckpointStore.in(checkpoints())));
  }

  /**
   * Refuses a complete run that is asked for no other length than it has.
   *
   * @throws Refusal before anything is loaded
   */
  void requireMore(Settings settings) {
    if (isComplete() && LENGTHS.stream().allMatch(it -> isAsBefore(settings, it))) {
      throw complete();
    }
  }

  private boolean isAsBefore(Settings settings, String length) {
    JsonNode before = read(config()).path(length);
    Object now = settings.values().get(length);
    return now instanceof Number number
        ? before.asDouble(-1) == number.doubleValue()
        : before.isMissingNode();
  }

  private static ObjectNode read(Path config) {
    try {
      JsonNode content = YAML.readTree(Files.readString(config));
      if (content instanceof ObjectNode settings) {
        return settings;
      }
      throw new InvalidInputException(config + ": expected lines of the form 'option: value'");
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(config + ": is invalid: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(config + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /**
   * Makes sure that a run without a checkpoint never had one: it was killed before the first was
   * due.
   *
   * @throws Refusal if its metrics have a later step than its first checkpoint
   */
  void requireNoneYet() {
    long every = read(config()).path("checkpoint-every").asLong();
    long done = steps();
    if (every > 0 && done > every) {
      throw new Refusal(
          CheckpointOptions.RESUME,
          String.format(
              Locale.ROOT,
              "%s has no checkpoint, though %s were done with --checkpoint-every %d; put one back,"
                  + " or start a new run with another %s",
              checkpoints(),
              Numbers.count(done, "step"),
              every,
              OPTION));
    }
  }

  /** The steps of which there are metrics. */
  private long steps() {
    try (Stream<String> lines = Files.lines(metrics(), StandardCharsets.ISO_8859_1)) {
      return lines.count();
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(metrics() + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** Deletes what a process that was killed while it wrote a file or weights has left behind. */
  void deleteLeftovers() {
    try (Stream<Path> entries = Files.list(path)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        if (AtomicFile.isTemporary(entry)) {
          MoreFiles.deleteRecursively(entry, RecursiveDeleteOption.ALLOW_INSECURE);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be tidied up: " + Reason.of(e), e);
    }
  }

  Path path() {
    return path;
  }

  Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  /** Completions of prompts during the run. */
  Path samples() {
    return path.resolve("samples.jsonl");
  }

  Path report() {
    return path.resolve("report.html");
  }

  Path tensorBoard() {
    return path.resolve("tensorboard");
  }

  Path model() {
    return path.resolve("model");
  }

  /** In place of a model, if an adapter was trained. */
  Path adapter() {
    return path.resolve("adapter");
  }

  /** The weights of the best evaluation. */
  Path best() {
    return path.resolve("best");
  }

  Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /**
   * Makes the folder, unless it is there.
   *
   * @throws Refusal if the system does not
   */
  void create() {
    try {
      Files.createDirectories(path);
    } catch (NoSuchFileException e) { // although its parent exists, such as /proc
      throw new Refusal(OPTION, path + " cannot be created: no folders can be made there");
    } catch (IOException e) {
      throw new Refusal(OPTION, path + " cannot be created: " + Reason.of(e));
    }
  }

  /** Writes {@code config.yaml}, which {@code --config} can read again. */
  void writeConfig(Settings settings, Map<String, Object> provenance) {
    Map<String, Object> config = new LinkedHashMap<>(settings.values());
    config.put(ConfigFile.PROVENANCE, provenance);
    AtomicFile.writeString(config(), yaml(config));
  }

  /**
   * Writes {@code config.yaml} anew if a run goes on with other settings than are there, so that
   * the next resumption has them too. When the run was started stays, and what its β was made of if
   * that is the same.
   */
  void updateConfig(Settings settings, Map<String, Object> provenance) {
    ObjectNode before = read(config());
    JsonNode origin = before.remove(ConfigFile.PROVENANCE);
    try {
      JsonNode now = YAML.readTree(yaml(settings.values()));
      if (!before.equals(now)) {
        Map<String, Object> kept = new LinkedHashMap<>(provenance);
        keep(Provenance.STARTED, origin, kept);
        if (before.path(BETA).equals(now.path(BETA))) {
          keep(BETA_LAG, origin, kept);
        }
        writeConfig(settings, kept);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("settings have no form in YAML", e);
    }
  }

  private static void keep(String name, @Nullable JsonNode origin, Map<String, Object> kept) {
    if (origin != null && origin.has(name)) {
      kept.put(name, origin.get(name));
    }
  }

  private static String yaml(Map<String, Object> content) {
    try {
      return YAML.writeValueAsString(content).stripTrailing() + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("settings have no form in YAML", e);
    }
  }

  private Path config() {
    return path.resolve(CONFIG);
  }

  private static boolean isEmpty(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.allMatch(RunFolder::mayPrecedeARun);
    } catch (IOException e) {
      throw new Refusal(OPTION, folder + " cannot be read: " + Reason.of(e));
    }
  }

  /** Whether a process that was killed before its run began may have left it. */
  private static boolean mayPrecedeARun(Path entry) {
    return entry.endsWith(RunLock.FILE) || AtomicFile.isTemporary(entry);
  }

  private static @Nullable Path nearestExisting(Path path) {
    Path there = path;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    return there;
  }
}
