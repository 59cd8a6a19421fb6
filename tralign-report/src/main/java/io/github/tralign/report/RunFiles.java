package io.github.tralign.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import io.github.tralign.text.Numbers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The content of a run's folder.
 *
 * @param folder the folder's path, as given
 * @param name the folder's name
 * @param settings the options in effect, by key
 * @param provenance versions, files and machine of the run, by key; nested keys are joined with
 *     dots
 * @param summary the content of {@code summary.json} in the same form; empty if the run has not
 *     finished
 * @param curves the run's metrics
 */
record RunFiles(
    Path folder,
    String name,
    ImmutableMap<String, String> settings,
    ImmutableMap<String, String> provenance,
    ImmutableMap<String, String> summary,
    Curves curves) {

  static final String OUTPUT = "output";
  private static final String PROVENANCE = "provenance";
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  /**
   * Reads a run's folder.
   *
   * @throws InvalidInputException if it has no metrics, or a file is invalid
   */
  static RunFiles of(Path folder) {
    return of(folder, read(folder.resolve("summary.json"), new ObjectMapper()));
  }

  /** Reads a run's folder, with a summary that has not been written yet. */
  static RunFiles of(Path folder, Map<String, Object> summary) {
    Path metrics = folder.resolve("metrics.jsonl");
    if (!Files.isRegularFile(metrics)) {
      throw new InvalidInputException(folder + ": is not a run's folder: it has no metrics.jsonl");
    }
    Map<String, Object> config = read(folder.resolve("config.yaml"), new YAMLMapper());
    Object provenance = config.remove(PROVENANCE);
    Curves curves = Curves.of(metrics, number(config.get("batch-size")));
    Map<String, Object> values = new ObjectMapper().convertValue(summary, OBJECT);
    values.remove("last"); // repeats the last line of the metrics
    return new RunFiles(
        folder,
        String.valueOf(folder.toAbsolutePath().normalize().getFileName()),
        flat(config),
        provenance == null ? ImmutableMap.of() : flat(Map.of("", provenance)),
        flat(values),
        curves);
  }

  /** Values of the run, with normalized paths. */
  Map<String, String> normalized(Function<RunFiles, ImmutableMap<String, String>> values) {
    GivenPaths paths = new GivenPaths(folder, settings.getOrDefault(OUTPUT, ""));
    Map<String, String> normalized = new LinkedHashMap<>();
    values.apply(this).forEach((key, it) -> normalized.put(key, paths.normalized(key, it)));
    return normalized;
  }

  /** The mean lag of the reference in steps, if it is recorded. */
  OptionalDouble referenceLag() {
    return number(provenance, RunReport.REFERENCE_LAG);
  }

  /** β, if the loss has one. */
  OptionalDouble beta() {
    return number(settings, "beta");
  }

  /** β times the mean lag of the reference, if both are known. */
  OptionalDouble betaLag() {
    return beta().isPresent() && referenceLag().isPresent()
        ? OptionalDouble.of(beta().getAsDouble() * referenceLag().getAsDouble())
        : OptionalDouble.empty();
  }

  private static OptionalDouble number(ImmutableMap<String, String> values, String name) {
    try {
      return OptionalDouble.of(Double.parseDouble(values.getOrDefault(name, "")));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  private static OptionalDouble number(@Nullable Object value) {
    return value instanceof Number number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  private static Map<String, Object> read(Path file, ObjectMapper format) {
    try {
      JsonNode content = format.readTree(Files.readString(file));
      if (content.isObject()) {
        return format.convertValue(content, OBJECT);
      }
      if (content.isMissingNode()) {
        return new LinkedHashMap<>(); // only comments
      }
      throw new InvalidInputException(file + ": is invalid: expected keys with values");
    } catch (NoSuchFileException e) {
      return new LinkedHashMap<>();
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(file + ": is not valid UTF-8", e);
    } catch (JsonProcessingException e) {
      String place = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
      String reason = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new InvalidInputException(file + place + ": is invalid: " + reason, e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static ImmutableMap<String, String> flat(Map<String, Object> values) {
    Map<String, String> flat = new LinkedHashMap<>(); // a.b may also occur as b within a
    values.forEach((key, value) -> put(flat, key, value));
    return ImmutableMap.copyOf(flat);
  }

  private static void put(Map<String, String> flat, String key, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((k, v) -> put(flat, key.isEmpty() ? String.valueOf(k) : key + "." + k, v));
    } else if (value instanceof List<?> parts && parts.stream().anyMatch(Map.class::isInstance)) {
      for (int i = 0; i < parts.size(); i++) {
        put(flat, key + "." + (i + 1), parts.get(i));
      }
    } else if (value instanceof Collection<?> several) {
      flat.put(key, several.stream().map(String::valueOf).collect(Collectors.joining(", ")));
    } else {
      flat.put(
          key, value instanceof Double number ? Numbers.setting(number) : String.valueOf(value));
    }
  }
}
