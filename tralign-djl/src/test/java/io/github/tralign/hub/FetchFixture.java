package io.github.tralign.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub with a model, a cache, and what tests of fetching look at. */
abstract class FetchFixture {

  static final String CONFIG = "{\"model_type\": \"llama\"}";
  static final byte[] WEIGHTS = random(50_000);
  static final String WEIGHTS_HASH = Hashing.sha256().hashBytes(WEIGHTS).toString();

  @TempDir Path folder;
  LoopbackHub hub;
  TestFetch fetch;

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  @BeforeEach
  void start() {
    hub =
        new LoopbackHub("models/owner/name")
            .with("config.json", CONFIG)
            .with("tokenizer.json", "{}")
            .with("README.md", "a card")
            .with("pytorch_model.bin", WEIGHTS)
            .with("onnx/model.onnx", WEIGHTS)
            .with("additional_chat_templates/tools.jinja", "{{ messages }}")
            .with("model.safetensors", WEIGHTS);
    fetch = new TestFetch(folder, hub.hub.address());
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  Path repo() {
    return folder.resolve("hub/models--owner--name");
  }

  Path blob() {
    return repo().resolve("blobs/" + WEIGHTS_HASH);
  }

  Path unfinished() {
    return repo().resolve("blobs/" + WEIGHTS_HASH + ".tralign.incomplete");
  }

  void assertNothingIsShown() {
    assertThat(repo().resolve("refs")).doesNotExist();
    assertThat(repo().resolve("snapshots")).doesNotExist();
    assertThat(blob()).doesNotExist();
  }

  static List<String> files(Path of) throws IOException {
    try (Stream<Path> files = Files.walk(of)) {
      return files
          .filter(Files::isRegularFile)
          .map(it -> of.relativize(it).toString())
          .sorted()
          .toList();
    }
  }
}
