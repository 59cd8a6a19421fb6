package io.github.tralign.djl.huggingface;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.common.base.Suppliers;
import io.github.tralign.InvalidInputException;
import io.github.tralign.text.HubName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The files of a checkpoint folder that define its tokenizer. A file that does not exist is an
 * empty object.
 *
 * @param tokenizer {@code tokenizer.json}, which is large and therefore read on first use
 * @param settings {@code tokenizer_config.json}
 * @param specialTokens {@code special_tokens_map.json}
 * @param addedTokens {@code added_tokens.json}
 * @param generation {@code generation_config.json}
 * @param model {@code config.json}
 */
public record TokenizerFiles(
    Supplier<ConfigJson> tokenizer,
    ConfigJson settings,
    ConfigJson specialTokens,
    ConfigJson addedTokens,
    ConfigJson generation,
    ConfigJson model) {

  /**
   * Reads the files of a folder.
   *
   * @throws InvalidInputException if a file is invalid
   */
  public static TokenizerFiles of(Path folder) {
    return new TokenizerFiles(
        Suppliers.memoize(() -> read(folder.resolve("tokenizer.json"))),
        read(folder.resolve("tokenizer_config.json")),
        read(folder.resolve("special_tokens_map.json")),
        read(folder.resolve("added_tokens.json")),
        read(folder.resolve("generation_config.json")),
        read(folder.resolve("config.json")));
  }

  /**
   * Reads the files of a folder, in which {@code tokenizer.json} must exist.
   *
   * @throws InvalidInputException if it does not, or if a file is invalid
   */
  public static TokenizerFiles requireTokenizer(Path folder) {
    Path file = folder.resolve("tokenizer.json");
    if (!Files.exists(folder)) {
      throw new InvalidInputException(folder + ": no such folder" + HubName.modelHint(folder));
    }
    if (!Files.isRegularFile(file)) {
      throw new InvalidInputException(
          file
              + ": no such file, so text cannot be tokenized; save the model's fast tokenizer into the"
              + " folder with transformers' save_pretrained");
    }
    return of(folder);
  }

  private static ConfigJson read(Path file) {
    ConfigJson json =
        Files.isRegularFile(file)
            ? ConfigJson.read(file)
            : ConfigJson.of(file, JsonNodeFactory.instance.objectNode());
    return json.withNullsAbsent();
  }
}
