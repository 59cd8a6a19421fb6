package io.github.tralign.djl.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions for the paths of modules, as PEFT's configs have them. */
final class ModulePatterns {

  private ModulePatterns() {}

  /**
   * An object whose keys are regular expressions for the end of a path, such as {@code
   * rank_pattern}; empty if the key is absent.
   */
  static <T> Map<Pattern, T> of(
      ConfigJson config,
      String key,
      String expected,
      Predicate<JsonNode> right,
      Function<JsonNode, T> read) {
    ImmutableMap.Builder<Pattern, T> values = ImmutableMap.builder();
    config
        .object(key)
        .ifPresent(
            object -> {
              for (Map.Entry<String, JsonNode> entry : object.json().properties()) {
                if (!right.test(entry.getValue())) {
                  throw object.unexpected(entry.getKey(), expected);
                }
                Pattern pattern =
                    compile("(.*\\.)?(" + entry.getKey() + ")", object, entry.getKey());
                values.put(pattern, read.apply(entry.getValue()));
              }
            });
    return values.build();
  }

  /** The value of the first pattern that matches. */
  static <T> Optional<T> find(Map<Pattern, T> values, String module) {
    return values.entrySet().stream()
        .filter(it -> it.getKey().matcher(module).matches())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** A regular expression, which is Python's; most are the same in Java. */
  static Pattern compile(String pattern, ConfigJson config, String key) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw config.unexpected(key, "a valid regular expression: " + e.getDescription());
    }
  }
}
