package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadModelTest {

  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String TOKENIZER = "tokenizer.json";

  @TempDir private Path folder;

  /** Damages a copy of a sound model folder. */
  interface Damage {
    void to(Path model) throws IOException;
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        damage(
            "an unknown architecture",
            edited(CONFIG, "GPTNeoXForCausalLM", "BertForMaskedLM"),
            CONFIG,
            "'architectures'",
            "BertForMaskedLM",
            "GPTNeoXForCausalLM"),
        damage(
            "another kind of model",
            edited(CONFIG, "\"gpt_neox\"", "\"bert\""),
            CONFIG,
            "'model_type'",
            "bert",
            "llama"),
        damage(
            "a mixture of experts",
            config("{'model_type': 'mistral', 'num_hidden_layers': 2, 'num_local_experts': 8}"),
            CONFIG + ": key 'num_local_experts' is 8"),
        damage(
            "a multimodal model",
            config("{'model_type': 'gemma3', 'text_config': {'num_hidden_layers': 2}}"),
            CONFIG + ": key 'model_type' is \"gemma3\"",
            "Gemma3ForCausalLM"),
        damage(
            "layers of an unknown kind",
            config(
                "{'model_type': 'qwen3', 'num_hidden_layers': 2,"
                    + " 'layer_types': ['full_attention', 'linear_attention']}"),
            CONFIG + ": key 'layer_types'",
            "full_attention, sliding_attention"),
        damage(
            "an unknown activation",
            config(
                "{'model_type': 'llama', 'num_hidden_layers': 2, 'hidden_size': 8,"
                    + " 'num_attention_heads': 2, 'vocab_size': 8, 'intermediate_size': 8,"
                    + " 'hidden_act': 'relu6'}"),
            CONFIG + ": key 'hidden_act' is \"relu6\""),
        damage(
            "an unknown kind of rotary embedding",
            config(
                "{'model_type': 'llama', 'num_hidden_layers': 2, 'hidden_size': 8,"
                    + " 'num_attention_heads': 2, 'vocab_size': 8, 'intermediate_size': 8,"
                    + " 'rope_scaling': {'rope_type': 'proportional', 'factor': 2}}"),
            CONFIG + ": key 'rope_scaling.rope_type' is \"proportional\""),
        damage(
            "more layers than memory holds",
            edited(CONFIG, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 2147483647"),
            CONFIG,
            "'num_hidden_layers'"),
        damage(
            "a missing key",
            edited(CONFIG, "\"hidden_size\"", "\"hidden\""),
            CONFIG,
            "'hidden_size'"),
        damage(
            "a shape against the config",
            edited(CONFIG, "\"hidden_size\": 16", "\"hidden_size\": 32"),
            "shape",
            "config.json",
            "hidden_size 32"),
        damage("a config that is not JSON", edited(CONFIG, "{", "["), CONFIG),
        damage("no config", model -> Files.delete(model.resolve(CONFIG)), CONFIG),
        damage("no weights", model -> Files.delete(model.resolve(WEIGHTS)), WEIGHTS),
        damage(
            "weights in a pickle only",
            model -> Files.move(model.resolve(WEIGHTS), model.resolve("pytorch_model.bin")),
            "pickle",
            "never read"),
        damage(
            "truncated weights",
            weights(bytes -> Arrays.copyOf(bytes, bytes.length - 100)),
            WEIGHTS),
        damage("a giant header", weights(bytes -> length(bytes, Long.MAX_VALUE)), WEIGHTS),
        damage("a negative header", weights(bytes -> length(bytes, -1)), WEIGHTS),
        damage(
            "a header that is not JSON", header("{\"__metadata__\"", "{\"__metadata__'"), WEIGHTS),
        damage("overlapping tensors", header("[18432,36864]", "[10000,28432]"), WEIGHTS),
        damage("offsets out of range", header("[18432,36864]", "[98432,16864]"), WEIGHTS),
        damage(
            "a weight that is NaN", weights(bytes -> weight(bytes, Float.NaN)), "is NaN at index"),
        damage(
            "a weight that is infinite",
            weights(bytes -> weight(bytes, Float.NEGATIVE_INFINITY)),
            "model: the tensor 'gpt_neox.",
            "' is -Infinity at index ",
            "must be finite"),
        damage("no tokenizer", model -> Files.delete(model.resolve(TOKENIZER)), TOKENIZER),
        damage(
            "a tokenizer that is not one",
            model -> Files.writeString(model.resolve(TOKENIZER), "{\"model\": 7}"),
            TOKENIZER),
        damage(
            "a token id outside the embedding",
            edited(
                TOKENIZER,
                "\"added_tokens\": [",
                "\"added_tokens\": [{\"id\": 288, \"content\": \"tea\", \"single_word\": false,"
                    + " \"lstrip\": false, \"rstrip\": false, \"normalized\": false,"
                    + " \"special\": false},"),
            "rows.jsonl:1",
            "token id 288",
            "below 288"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void a_model_folder_with_a_fault_is_refused(Damage damage, String... messages)
      throws IOException {
    Path model = Cli.copy(Cli.NEOX, folder.resolve("model"));
    damage.to(model);
    assertRefused(model, messages);
  }

  @Test
  void a_model_folder_that_is_not_there_is_refused() {
    assertRefused(folder.resolve("nowhere"), "nowhere: no such model folder");
    assertRefused(Cli.ROWS, "is not a folder");
  }

  /** By each command, and nothing is left behind. */
  private void assertRefused(Path model, String... messages) {
    for (String command : new String[] {"train", "logps", "evaluate"}) {
      Path output = folder.resolve("output");
      Cli.Outcome outcome =
          Cli.run(command, "--policy", model, "--data", Cli.ROWS, "--output", output, "--quiet");
      for (String message : messages) {
        BadOptionTest.assertRefused(outcome, message);
      }
      assertThat(folder).isDirectoryNotContaining(it -> it.toString().contains("output"));
    }
  }

  private static Arguments damage(String name, Damage damage, String... messages) {
    return arguments(named(name, damage), messages);
  }

  /** Another config, in JSON with single quotes. */
  private static Damage config(String json) {
    return model -> Files.writeString(model.resolve(CONFIG), json.replace('\'', '"'));
  }

  private static Damage edited(String file, String from, String to) {
    return model -> {
      String content = Files.readString(model.resolve(file));
      assertThat(content).contains(from);
      Files.writeString(model.resolve(file), content.replace(from, to));
    };
  }

  private interface Change {
    byte[] of(byte[] bytes);
  }

  private static Damage weights(Change change) {
    return model -> {
      Path file = model.resolve(WEIGHTS);
      Files.write(file, change.of(Files.readAllBytes(file)));
    };
  }

  /** Puts other words of the same length into the header of the weights. */
  private static Damage header(String from, String to) {
    return weights(
        bytes -> {
          String text = new String(bytes, StandardCharsets.ISO_8859_1);
          assertThat(text).contains(from);
          assertThat(to).hasSameSizeAs(from);
          return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
        });
  }

  /** Replaces the last weight of the file. */
  private static byte[] weight(byte[] bytes, float value) {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, value);
    return bytes;
  }

  private static byte[] length(byte[] bytes, long length) {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    return bytes;
  }
}
