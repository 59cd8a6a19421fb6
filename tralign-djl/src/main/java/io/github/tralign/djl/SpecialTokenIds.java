package io.github.tralign.djl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The ids of special tokens that a model's files name. They change no number here, but other
 * programs embed them: transformers cannot load a model whose padding lies outside its embedding.
 */
final class SpecialTokenIds {

  private static final ImmutableList<String> KEYS =
      ImmutableList.of("bos_token_id", "eos_token_id", "pad_token_id");

  private SpecialTokenIds() {}

  /** A warning for each id that the model has not, in its config or beside it. */
  static List<String> warnings(ConfigJson config, int vocabularySize) {
    ImmutableList.Builder<String> warnings = ImmutableList.builder();
    add(config, vocabularySize, warnings);
    Path generation = config.file().resolveSibling("generation_config.json");
    if (Files.isRegularFile(generation)) {
      add(ConfigJson.read(generation), vocabularySize, warnings);
    }
    return warnings.build();
  }

  private static void add(
      ConfigJson file, int vocabularySize, ImmutableList.Builder<String> warnings) {
    ObjectNode json = file.json();
    for (String key : KEYS) {
      JsonNode ids = json.path(key);
      for (JsonNode id : ids.isArray() ? ids : json.arrayNode().add(ids)) {
        if (id.isIntegralNumber()
            && !(id.canConvertToInt() && id.intValue() >= 0 && id.intValue() < vocabularySize)) {
          warnings.add(
              String.format(
                  Locale.ROOT,
                  "%s: key '%s' names the token %s, but the model's tokens are 0 to %d; the key is"
                      + " saved as it is",
                  file.file(),
                  key,
                  id,
                  vocabularySize - 1));
        }
      }
    }
  }
}
