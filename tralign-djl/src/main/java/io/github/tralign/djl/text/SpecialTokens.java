package io.github.tralign.djl.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.checkpoint.ConfigJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The texts of a tokenizer's special tokens, such as {@code bos_token}, by name. */
final class SpecialTokens {

  private static final ImmutableList<String> NAMES =
      ImmutableList.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private static final List<String> FILES =
      List.of("tokenizer_config.json", "special_tokens_map.json");

  private SpecialTokens() {}

  /** What the first of the files that names a token says of it. */
  static ImmutableMap<String, String> of(Path folder) {
    ImmutableMap.Builder<String, String> tokens = ImmutableMap.builder();
    for (String name : NAMES) {
      FILES.stream()
          .flatMap(file -> named(folder.resolve(file), name).stream())
          .findFirst()
          .ifPresent(text -> tokens.put(name, text));
    }
    return tokens.buildOrThrow();
  }

  /** {@code "eos_token": "</s>"} or {@code "eos_token": {"content": "</s>", …}} of a file. */
  static Optional<String> named(Path file, String name) {
    return read(file)
        .map(config -> config.json().path(name))
        .map(token -> token.isObject() ? token.path("content") : token)
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .filter(text -> !text.isEmpty());
  }

  static Optional<ConfigJson> read(Path file) {
    return Files.isRegularFile(file) ? Optional.of(ConfigJson.read(file)) : Optional.empty();
  }
}
