package io.github.tralign.cli;

import io.github.tralign.hub.HubCache;
import io.github.tralign.text.Numbers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of a command as they are in effect, defaults resolved: what is printed and recorded.
 * Taken from the options themselves, so that none can be forgotten.
 *
 * @param values by word, such as {@code learning-rate}, in the order of the help
 */
record Settings(Map<String, Object> values) {

  private static final Set<String> NO_SETTINGS =
      Set.of(
          "--config",
          "--help",
          "--stacktrace",
          "--quiet",
          "--resume",
          "--resume-anyway",
          ProcessOptions.RANK,
          ProcessOptions.WORLD,
          ProcessOptions.MEET,
          ProcessOptions.MEET_FILE,
          ProcessOptions.ADDRESS);

  /** Options that do not change what is learned. */
  private static final Set<String> NO_MATTER =
      Set.of(
          "policy",
          "adapter",
          "data",
          "output",
          "mlflow",
          "cache",
          "recompute",
          "collective-timeout",
          "shard-moments",
          "chat-template",
          "sample-prompts",
          "sample-every",
          "sample-kl",
          "checkpoint-every",
          "keep-last",
          "keep-best");

  /** Options that change it only if an evaluation may end the run. */
  private static final Set<String> OF_EARLY_STOP = Set.of("eval-data", "eval-every", "best-metric");

  static Settings of(CommandSpec command) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (OptionSpec option : command.options()) {
      Object value = option.getValue();
      if (value != null && !NO_SETTINGS.contains(option.longestName())) {
        values.put(option.longestName().substring(2), plain(value));
      }
    }
    return new Settings(values);
  }

  /** The settings that decide, with data and weights, what a run learns. */
  Map<String, Object> decisive() {
    Map<String, Object> decisive = new LinkedHashMap<>(values);
    decisive.keySet().removeAll(NO_MATTER);
    if (decisive.getOrDefault("early-stop", 0).equals(0)) {
      decisive.keySet().removeAll(OF_EARLY_STOP);
    }
    return decisive;
  }

  List<String> lines() {
    return values.entrySet().stream()
        .map(
            entry ->
                String.format(
                    Locale.ROOT,
                    "%-22s %s",
                    entry.getKey(),
                    Printable.line(shown(entry.getValue()))))
        .toList();
  }

  /** What β means with a reference of a mean lag; nothing where one of them is not known. */
  List<String> pull(OptionalDouble lag) {
    return lag.isPresent() && values.get(LossSettings.BETA.substring(2)) instanceof Double beta
        ? List.of(
            String.format(
                Locale.ROOT,
                "mean lag %s steps; beta times the mean lag %s",
                Numbers.rounded(lag.getAsDouble(), 3),
                Numbers.rounded(beta * lag.getAsDouble(), 3)))
        : List.of();
  }

  static String shown(Object value) {
    if (value instanceof Double number) {
      return Numbers.setting(number);
    }
    return value instanceof Collection<?> several
        ? several.stream().map(Object::toString).collect(Collectors.joining(", "))
        : value.toString();
  }

  /** Numbers and truth values as such, everything else by its word. */
  private static Object plain(Object value) {
    if (value instanceof Path path) {
      return HubCache.ofEnvironment().nameOf(path).orElseGet(path::toString);
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Duration duration) {
      return duration.toSeconds() + "s";
    }
    if (value instanceof Collection<?> several) {
      return several.stream().map(it -> plain(it).toString()).toList();
    }
    if (value instanceof Map<?, ?> named) {
      return named.entrySet().stream().map(Object::toString).toList(); // as it was given: a=b
    }
    return value.toString();
  }
}
