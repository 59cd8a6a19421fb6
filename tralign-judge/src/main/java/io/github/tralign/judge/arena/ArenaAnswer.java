package io.github.tralign.judge.arena;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A model's answer to a question of Arena-Hard.
 *
 * @param style what style control needs, if the file has it
 */
public record ArenaAnswer(String id, String model, String text, Optional<Style> style) {

  /** Nothing may be null. */
  public ArenaAnswer {
    requireNonNull(id, "id");
    requireNonNull(model, "model");
    requireNonNull(text, "text");
    requireNonNull(style, "style");
  }

  /** The looks of an answer: its tokens, and how many headers, list items and bold texts it has. */
  public record Style(long tokens, long headers, long lists, long bold) {

    /** Reads Arena-Hard's metadata; empty if it is not there. */
    static Optional<Style> of(JsonNode metadata) {
      return metadata.path("token_len").isNumber()
          ? Optional.of(
              new Style(
                  metadata.path("token_len").asLong(),
                  sum(metadata.path("header_count")),
                  sum(metadata.path("list_count")),
                  sum(metadata.path("bold_count"))))
          : Optional.empty();
    }

    private static long sum(JsonNode counts) {
      long sum = counts.asLong();
      for (JsonNode count : counts) {
        sum += count.asLong();
      }
      return sum;
    }
  }
}
