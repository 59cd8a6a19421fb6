package io.github.tralign.djl.huggingface;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A token beside the vocabulary, which is looked for in a text before the text is split.
 *
 * @param normalized whether it is looked for in the normalized text; if that is not said, it is
 *     unless it is special
 */
public record AddedToken(
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    Optional<Boolean> normalized,
    boolean special) {

  /** What transformers makes of a mere text: a special token without further flags. */
  public static AddedToken special(String content) {
    return new AddedToken(content, false, false, false, Optional.empty(), true);
  }

  /** An object with transformers' defaults. */
  public static AddedToken of(ConfigJson json) {
    return of(json, json.booleanOr("special", false));
  }

  /** An object whose {@code special} is known. */
  public static AddedToken of(ConfigJson json, boolean special) {
    return new AddedToken(
        json.requiredString("content"),
        json.booleanOr("single_word", false),
        json.booleanOr("lstrip", false),
        json.booleanOr("rstrip", false),
        json.has("normalized")
            ? Optional.of(json.booleanOr("normalized", false))
            : Optional.empty(),
        special);
  }

  /** Whether the library makes the same of it. */
  public boolean isLike(@Nullable AddedToken other) {
    return other != null && json().equals(other.json());
  }

  public AddedToken asSpecial() {
    return new AddedToken(content, singleWord, lstrip, rstrip, normalized, true);
  }

  /** The object of a {@code tokenizer.json}; the library finds the id itself. */
  public ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", 0)
        .put("content", content)
        .put("single_word", singleWord)
        .put("lstrip", lstrip)
        .put("rstrip", rstrip)
        .put("normalized", normalized.orElse(!special))
        .put("special", special);
  }
}
