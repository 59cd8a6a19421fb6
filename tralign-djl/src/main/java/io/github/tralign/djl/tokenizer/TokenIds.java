package io.github.tralign.djl.tokenizer;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.TokenizerFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Compares the token ids of the tokenizers in two checkpoint folders. */
public final class TokenIds {

  private TokenIds() {}

  /**
   * Checks that no id has different tokens in two folders. A folder without {@code tokenizer.json}
   * is assumed to have the same ids as the other.
   *
   * @throws InvalidInputException if an id has different tokens; the message names the first
   */
  public static void requireSame(Path folder, Path other) {
    requireNonNull(folder, "folder");
    requireNonNull(other, "other");
    SortedMap<Integer, String> tokens = of(folder);
    of(other)
        .forEach(
            (id, token) -> {
              String here = tokens.getOrDefault(id, token);
              if (!here.equals(token)) {
                throw new InvalidInputException(
                    String.format(
                        Locale.ROOT,
                        "%s: the id %d is the token '%s', but in %s it is '%s'; two models can be"
                            + " compared only if they have the same token ids",
                        other,
                        id,
                        token,
                        folder,
                        here));
              }
            });
  }

  private static SortedMap<Integer, String> of(Path folder) {
    SortedMap<Integer, String> tokens = new TreeMap<>();
    if (!Files.isRegularFile(folder.resolve("tokenizer.json"))) {
      return tokens;
    }
    JsonNode json = TokenizerFiles.of(folder).tokenizer().get().json();
    JsonNode vocabulary = json.path("model").path("vocab");
    vocabulary.properties().forEach(it -> tokens.put(it.getValue().asInt(), it.getKey()));
    if (vocabulary.isArray()) { // Unigram: [token, score] by id
      for (JsonNode token : vocabulary) {
        tokens.put(tokens.size(), token.path(0).asText());
      }
    }
    json.path("added_tokens")
        .forEach(it -> tokens.put(it.path("id").asInt(), it.path("content").asText()));
    return tokens;
  }
}
