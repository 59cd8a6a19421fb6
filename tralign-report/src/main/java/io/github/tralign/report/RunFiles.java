package io.github.tralign.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a run's folder tells of it.
 *
 * @param folder as it was given
 * @param name of the folder
 * @param settings the options in effect, by word
 * @param provenance where the run came from, by words put together with dots
 * @param summary the content of {@code summary.json} in the same form; empty before a run's end
 * @param curves its metrics
 */
record RunFiles(
    Path folder,
    String name,
    ImmutableMap<String, String> settings,
    ImmutableMap<String, String> provenance,
    ImmutableMap<String, String> summary,
    Curves curves) {

  private static final String PROVENANCE = "provenance";
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  /**
   * Reads a run's folder.
   *
   * @throws InvalidInputException if it is none, or has no metrics yet
   */
  static RunFiles of(Path folder) {
    return of(folder, read(folder.resolve("summary.json"), new ObjectMapper()));
  }

  /** The same with a summary that is not written yet. */
  static RunFiles of(Path folder, Map<String, Object> summary) {
    Path metrics = folder.resolve("metrics.jsonl");
    if (!Files.isRegularFile(metrics)) {
      throw new InvalidInputException(folder + ": is not the folder of a run: no metrics.jsonl");
    }
    Map<String, Object> config = read(folder.resolve("config.yaml"), new YAMLMapper());
    Object provenance = config.remove(PROVENANCE);
    Curves curves = Curves.of(metrics, number(config.get("batch-size")));
    Map<String, Object> values = new ObjectMapper().convertValue(summary, OBJECT);
    values.remove("last"); // the last line of the metrics once more
    return new RunFiles(
        folder,
        String.valueOf(folder.toAbsolutePath().normalize().getFileName()),
        flat(config),
        provenance == null ? ImmutableMap.of() : flat(Map.of("", provenance)),
        flat(values),
        curves);
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
        return new LinkedHashMap<>(); // nothing but comments
      }
      throw new InvalidInputException(file + ": is invalid: expected names with values");
    } catch (NoSuchFileException e) {
      return new LinkedHashMap<>();
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(file + ": is invalid: no UTF-8", e);
    } catch (JsonProcessingException e) {
      String place = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
      String reason = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new InvalidInputException(file + place + ": is invalid: " + reason, e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static ImmutableMap<String, String> flat(Map<String, Object> values) {
    Map<String, String> flat = new LinkedHashMap<>(); // a.b may also be there as b within a
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
      flat.put(key, String.valueOf(value));
    }
  }
}
