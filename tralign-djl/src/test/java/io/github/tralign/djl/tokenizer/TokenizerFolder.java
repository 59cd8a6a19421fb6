package io.github.tralign.djl.tokenizer;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Folders with the tokenizer of the golden checkpoints, and changes to it. */
final class TokenizerFolder {

  static final Path GOLDEN = Path.of("src/test/resources/io/github/tralign/djl/golden");

  /** Half a surrogate pair can be written as an escape only. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private TokenizerFolder() {}

  static ObjectNode json() {
    return (ObjectNode) read(GOLDEN.resolve("neox/tokenizer.json"));
  }

  /** A folder with a changed {@code tokenizer.json} and the golden settings. */
  static Path with(Path folder, Consumer<ObjectNode> change) {
    ObjectNode json = json();
    change.accept(json);
    write(folder, "tokenizer.json", json);
    return write(
        folder, "tokenizer_config.json", read(GOLDEN.resolve("neox/tokenizer_config.json")));
  }

  static Path write(Path folder, String name, JsonNode json) {
    try {
      Files.write(folder.resolve(name), MAPPER.writeValueAsBytes(json));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode read(Path file) {
    try {
      return MAPPER.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode parse(String json) {
    try {
      return (ObjectNode) MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
