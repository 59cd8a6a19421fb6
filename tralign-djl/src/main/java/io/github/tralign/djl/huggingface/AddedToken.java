package io.github.tralign.djl.huggingface;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A token outside the model's vocabulary, which is matched in a text before the text is split.
 *
 * @param content the token's text
 * @param singleWord whether it matches whole words only
 * @param lstrip whether it absorbs whitespace to its left
 * @param rstrip whether it absorbs whitespace to its right
 * @param normalized whether it is matched in the normalized text; if absent, all but special tokens
 *     are
 * @param special whether it is a special token, such as {@code </s>}
 */
public record AddedToken(
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    Optional<Boolean> normalized,
    boolean special) {

  /** The token that transformers makes of a plain string: special, without further flags. */
  public static AddedToken special(String content) {
    return new AddedToken(content, false, false, false, Optional.empty(), true);
  }

  /** Reads a JSON object, with transformers' defaults. */
  public static AddedToken of(ConfigJson json) {
    return of(json, json.booleanOr("special", false));
  }

  /** Reads a JSON object, except for its key {@code special}. */
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

  /** Whether the tokenizers library treats {@code other} the same. */
  public boolean isLike(@Nullable AddedToken other) {
    return other != null && json().equals(other.json());
  }

  /** The same token, special. */
  public AddedToken asSpecial() {
    return new AddedToken(content, singleWord, lstrip, rstrip, normalized, true);
  }

  /** Its entry in a {@code tokenizer.json}; the library assigns the id itself. */
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
