package io.github.tralign.spark;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;

/** The options of {@code spark-train}, before and after {@code --}. */
record SparkOptions(
    boolean asksHelp,
    String master,
    int processes,
    String release,
    String folder,
    boolean ignoresSsl,
    List<String> javaOptions,
    List<String> settings,
    List<String> training) {

  /** The help, a resource since the launcher shows it where Spark is missing. */
  static String help() {
    try (InputStream text = SparkOptions.class.getResourceAsStream("spark-train.txt")) {
      return new String(requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An option that is missing or invalid; the message names it. */
  static final class InvalidOptionException extends RuntimeException {

    private static final long serialVersionUID = 1;

    InvalidOptionException(String message) {
      super(message);
    }
  }

  static SparkOptions parse(List<String> words) {
    int border = words.indexOf("--");
    List<String> own = border < 0 ? words : words.subList(0, border);
    List<String> training = border < 0 ? List.of() : words.subList(border + 1, words.size());
    String master = "";
    int processes = 0;
    String release = System.getProperty("tralign.release", "");
    String folder = System.getProperty("user.dir");
    boolean ignoresSsl = false;
    List<String> javaOptions = List.of();
    List<String> settings = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      String[] word = own.get(i).split("=", 2);
      String name = word[0];
      switch (name) {
        case "-h", "--help" -> {
          return new SparkOptions(true, "", 0, "", "", false, List.of(), List.of(), List.of());
        }
        case "--ignore-ssl" -> ignoresSsl = true;
        default -> {
          if (!name.startsWith("--")) {
            throw new InvalidOptionException(
                name + ": the command of tralign comes after --, as in: -- train --policy DIR");
          }
          if (word.length == 1 && ++i == own.size()) {
            throw new InvalidOptionException(name + ": expected a value");
          }
          String value = word.length == 2 ? word[1] : own.get(i);
          switch (name) {
            case "--master" -> master = value;
            case "--processes" -> processes = positive(name, value);
            case "--release" -> release = value;
            case "--folder" -> folder = value;
            case "--attempts" ->
                settings.add("spark.stage.maxConsecutiveAttempts=" + positive(name, value));
            case "--java-options" -> javaOptions = List.of(value.strip().split("\\s+"));
            case "--conf" -> settings.add(setting(value));
            case "--spark-jars" -> {} // the launcher has put them on the class path
            default -> throw new InvalidOptionException(name + ": unknown option; see --help");
          }
        }
      }
    }
    SparkOptions options =
        new SparkOptions(
            false, master, processes, release, folder, ignoresSsl, javaOptions, settings, training);
    options.check();
    return options;
  }

  private void check() {
    if (processes == 0) {
      throw new InvalidOptionException("missing: --processes N");
    }
    if (release.isEmpty()) {
      throw new InvalidOptionException("missing: --release DIR");
    }
    if (training.isEmpty() || !List.of("train", "sft").contains(training.get(0))) {
      throw new InvalidOptionException("missing: -- train OPTION... (or -- sft OPTION...)");
    }
    for (String given : List.of("--rank", "--world", "--meet", "--address", "--processes")) {
      if (trainingOption(given).isPresent()) {
        throw new InvalidOptionException(given + " after --: spark-train chooses it");
      }
    }
    if (trainingOption("--config").isPresent() && trainingOption("--output").isEmpty()) {
      throw new InvalidOptionException(
          "missing: --output DIR after --, also if it is in --config: a failed run resumes there");
    }
  }

  /** What is added to the command from the second attempt on. */
  List<String> resumeArguments() {
    return training.contains("--resume") ? List.of() : List.of("--resume");
  }

  /** Spark's settings: those given, and what is needed to start all processes at once. */
  SparkConf conf(SparkConf conf) {
    conf.setIfMissing("spark.app.name", "tralign " + training.get(0));
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.setIfMissing("spark.log.level", "ERROR");
    conf.setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1");
    // Without a UTF-8 locale, Java on the executors cannot pass on names that are not ASCII.
    conf.setIfMissing("spark.executorEnv.LC_ALL", "C.UTF-8");
    if (!master.isEmpty()) {
      conf.setMaster(master);
    }
    for (String setting : settings) {
      int sign = setting.indexOf('=');
      conf.set(setting.substring(0, sign), setting.substring(sign + 1));
    }
    if (!conf.contains("spark.master")) {
      throw new InvalidOptionException("missing: --master URL");
    }
    String jar = System.getProperty("tralign.spark.jar", "");
    if (!jar.isEmpty()) {
      String jars = conf.get("spark.jars", "");
      conf.set("spark.jars", jars.isEmpty() ? jar : jars + "," + jar);
    }
    return conf;
  }

  /** The value of an option of the training command, if it is given. */
  Optional<String> trainingOption(String name) {
    for (int i = 0; i < training.size(); i++) {
      String word = training.get(i);
      if (word.startsWith(name + "=")) {
        return Optional.of(word.substring(name.length() + 1));
      }
      if (word.equals(name)) {
        return Optional.of(i + 1 < training.size() ? training.get(i + 1) : "");
      }
    }
    return Optional.empty();
  }

  private static int positive(String name, String value) {
    try {
      int number = Integer.parseInt(value);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new InvalidOptionException(
        name + ": expected a whole number of at least 1, not " + value);
  }

  private static String setting(String value) {
    if (value.indexOf('=') < 1) {
      throw new InvalidOptionException("--conf: expected NAME=VALUE, not " + value);
    }
    return value;
  }
}
