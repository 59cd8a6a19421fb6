package io.github.tralign.djl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.djl.kernel.TestDevice;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The checkpoints, rows and numbers that {@code tools/make_trl_goldens.py} wrote. */
final class Golden {

  /** Each way in which a model family is computed. */
  static final List<String> CHECKPOINTS =
      List.of(
          "neox",
          "llama",
          "variants/neox-sequential-residual",
          "variants/neox-tied-no-bias",
          "variants/llama-untied-bias",
          "variants/llama3-rope",
          "variants/qwen2",
          "variants/qwen3");

  /** Tokens of their common tokenizer. */
  static final int VOCABULARY = 288;

  /** Files that were read, which is once for all tests of a process. */
  private static final Map<String, PreferenceData> ROWS = new ConcurrentHashMap<>();

  private Golden() {}

  /**
   * The checkpoints that {@code tools/make_family_goldens.py} wrote; with the property {@code
   * tralign.families}, those that it lists.
   */
  static Stream<String> families() {
    String listed = System.getProperty("tralign.families", "");
    if (!listed.isEmpty()) {
      return Stream.of(listed.split(",")).map(it -> "families/" + it);
    }
    try (Stream<Path> folders = Files.list(path("families"))) {
      return folders.map(it -> "families/" + it.getFileName()).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path path(String name) {
    try {
      return Path.of(Golden.class.getResource("golden").toURI()).resolve(name);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A checkpoint, to be loaded on the device of the tests. */
  static DjlPolicyBuilder policy(String name) {
    return on(path(name));
  }

  /** The same of any folder. */
  static DjlPolicyBuilder on(Path folder) {
    return DjlPolicy.from(folder).device(TestDevice.NAME);
  }

  static JsonNode json(String name) {
    try {
      return new ObjectMapper().readTree(path(name).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows as tokens of the checkpoints' common tokenizer. */
  static List<Example> rows() {
    return rows("rows.jsonl", Integer.MAX_VALUE).examples();
  }

  /** The rows of a file. */
  static PreferenceData rows(String file, int maxLength) {
    return ROWS.computeIfAbsent(file + " " + maxLength, it -> read(file, maxLength));
  }

  private static PreferenceData read(String file, int maxLength) {
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(path("neox"))) {
      return PreferenceData.read(tokenizer).maxLength(maxLength).file(path(file));
    }
  }
}
