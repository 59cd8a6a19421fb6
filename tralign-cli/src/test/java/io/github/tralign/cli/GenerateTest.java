package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.djl.DjlModel;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.Sampling;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerateTest {

  private static final String TEMPLATE =
      "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
          + "{% if add_generation_prompt %}<assistant>{% endif %}";

  private static final String STANDARD_INPUT = "The cat\n{\"prompt\": \"A\"}\n";

  @TempDir private Path folder;

  @Test
  void completions_are_those_of_the_model_in_order() throws IOException {
    Path prompts = Files.writeString(folder.resolve("prompts.txt"), "The cat\n\nHello, you\nA\n");
    Path output = folder.resolve("out.jsonl");
    Cli.Outcome outcome =
        generate(prompts, output, "--logps", "--max-new-tokens", 7, "--adapter", Cli.ADAPTER);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err())
        .contains("decoding: greedy", "a completion ends: after at most 7 tokens, or at ");
    List<JsonNode> rows = TrainTest.lines(output);
    List<Completion> expected = library(7, "The cat", "Hello, you", "A");
    assertThat(rows).hasSize(3);
    for (int i = 0; i < 3; i++) {
      JsonNode row = rows.get(i);
      assertThat(row.fieldNames())
          .toIterable()
          .containsExactly(
              "index", "sample", "completion", "tokens", "finish", "logp", "token_ids");
      assertThat(row.path("index").asInt()).isEqualTo(i);
      assertThat(row.path("sample").asInt()).isZero();
      assertThat(row.path("token_ids"))
          .map(JsonNode::asInt)
          .isEqualTo(expected.get(i).tokens().asList());
      assertThat(row.path("logp").asDouble()).isEqualTo(expected.get(i).logProb());
      assertThat(row.path("tokens").asInt()).isEqualTo(expected.get(i).tokens().length());
      assertThat(row.path("finish").asText()).isIn("stop", "length");
      assertThat(row.path("completion").asText()).isNotEmpty();
    }
    assertThat(folder.resolve("out.jsonl.partial")).doesNotExist();
  }

  private static List<Completion> library(int tokens, String... prompts) {
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(Cli.LLAMA);
        DjlModel model =
            DjlPolicy.from(Cli.LLAMA).mergeAdapter(Cli.ADAPTER).threads(1).loadModel()) {
      int end = tokenizer.encodeWritten(List.of(tokenizer.endOfSequence())).get(0)[0];
      Sampling sampling = Sampling.greedy().maxNewTokens(tokens).endTokens(Set.of(end));
      return model
          .generate(
              Stream.of(prompts)
                  .map(it -> GenerationRequest.of(tokenizer.encode(it), sampling))
                  .toList())
          .stream()
          .map(it -> it.get(0))
          .toList();
    }
  }

  @Test
  void samples_depend_on_the_seed_but_not_on_what_is_computed_beside_them() throws IOException {
    Path prompts = Files.writeString(folder.resolve("prompts.txt"), "The cat\nHello, you\n");
    List<List<String>> files = new ArrayList<>();
    for (String options : List.of("--seed 5", "--seed 5 --cache-tokens 30", "--seed 6")) {
      Path output = folder.resolve("out" + files.size());
      List<Object> more =
          new ArrayList<>(
              List.of("--temperature", 1.5, "--samples", 3, "--max-new-tokens", 8, "--quiet"));
      more.addAll(List.of(options.split(" ")));
      Cli.Outcome outcome = generate(prompts, output, more.toArray());
      assertThat(outcome.code()).as(outcome.err()).isZero();
      assertThat(outcome.err()).isEmpty();
      files.add(Files.readAllLines(output));
    }
    assertThat(files.get(1)).isEqualTo(files.get(0));
    assertThat(files.get(2)).hasSize(6).isNotEqualTo(files.get(0));
    assertThat(files.get(0))
        .map(it -> it.substring(0, it.indexOf(",\"completion")))
        .containsExactly(
            "{\"index\":0,\"sample\":0",
            "{\"index\":0,\"sample\":1",
            "{\"index\":0,\"sample\":2",
            "{\"index\":1,\"sample\":0",
            "{\"index\":1,\"sample\":1",
            "{\"index\":1,\"sample\":2");
  }

  @Test
  void conversations_are_rendered_and_a_stop_string_is_cut_off() throws IOException {
    Path template = Files.writeString(folder.resolve("template.jinja"), TEMPLATE);
    Path chat =
        Files.writeString(
            folder.resolve("chat.jsonl"),
            "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}\n"
                + "{\"prompt\": \"<user>Hi<assistant>\"}\n"
                + "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"},"
                + " {\"role\": \"assistant\", \"content\": \"\"}]}\n");
    Object[] options = {"--chat-template", template, "--max-new-tokens", 12};
    Cli.Outcome outcome = generate(chat, "-", options);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    List<String> texts = texts(outcome.out());
    assertThat(texts).hasSize(3);
    assertThat(texts.get(1)).isEqualTo(texts.get(0)); // the tokenizer here adds no tokens
    assertThat(texts.get(2)).isEqualTo(texts.get(0));
    assertThat(outcome.err()).containsOnlyOnce("texts are continued as they are");

    String stop = texts.get(0).substring(4, 6);
    Cli.Outcome stopped =
        generate(chat, "-", "--chat-template", template, "--max-new-tokens", 12, "--stop", stop);
    assertThat(texts(stopped.out()).get(0))
        .isEqualTo(texts.get(0).substring(0, texts.get(0).indexOf(stop)));
    assertThat(stopped.out()).contains("\"finish\":\"stop_string\"");
    assertThat(stopped.err()).contains("at '" + Printable.line(stop) + "'");
  }

  @Test
  void the_folder_is_followed_unless_an_option_says_otherwise() throws IOException {
    Path model = Cli.copy(Cli.LLAMA, folder.resolve("model"));
    Files.writeString(
        model.resolve("generation_config.json"),
        "{\"do_sample\": true, \"temperature\": 0.6, \"top_p\": 0.9, \"max_new_tokens\": 3,"
            + " \"num_beams\": 2}");
    Path prompts = Files.writeString(folder.resolve("prompts.txt"), "The cat\n");
    Cli.Outcome outcome = run("--policy", model, "--prompts", prompts, "--output", "-");
    assertThat(outcome.err())
        .contains(
            "decoding: temperature 0.6, top-k 50, top-p 0.9, random seed 42",
            "after at most 3 tokens",
            "key 'num_beams' is not supported and not used");
    Cli.Outcome options =
        run(
            "--policy",
            model,
            "--prompts",
            prompts,
            "--output",
            "-",
            "--top-k",
            0,
            "--top-p",
            1,
            "--min-p",
            0.1,
            "--repetition-penalty",
            1.2,
            "--max-new-tokens",
            4,
            "--seed",
            1);
    assertThat(options.err())
        .contains(
            "decoding: temperature 0.6, min-p 0.1, random seed 1, repetition penalty 1.2",
            "after at most 4 tokens");
    assertThat(run("--policy", model, "--prompts", prompts, "--output", "-", "--greedy").err())
        .contains("decoding: greedy\n");
  }

  @Test
  void the_standard_input_is_read() {
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(STANDARD_INPUT.getBytes(StandardCharsets.UTF_8)));
      Cli.Outcome outcome = generate(Path.of("-"), "-", "--max-new-tokens", 2);
      assertThat(outcome.code()).as(outcome.err()).isZero();
      assertThat(outcome.out().lines()).hasSize(2);
      assertThat(outcome.err())
          .contains("warning: standard input:2: is a JSON object, but is completed as a text");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void what_is_invalid_is_an_error_that_names_the_line() throws IOException {
    assertInvalid(
        "{\"prompt\": \"a\"}\n{\"prompt\": 1}\n", "p.jsonl:2: field 'prompt' is a number");
    assertInvalid("{\"prompt\": \"a\"}\n{\"text\": \"b\"}\n", "p.jsonl:2: has no prompt; expected");
    assertInvalid("{\"prompt\": \"\"}\n", "p.jsonl:1: the prompt has no tokens");
    assertInvalid("{\"prompt\": \"a\"}\nnot JSON\n", "p.jsonl:2: not valid JSON");
    assertInvalid(
        "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}\n",
        "p.jsonl:1: is a conversation, but the model has no chat template");
    assertInvalid(
        "{\"prompt\": \"" + "long text ".repeat(3000) + "\"}\n", "tokens; the model takes ");
  }

  @Test
  void a_device_is_no_file_of_prompts() {
    Cli.Outcome outcome = generate(Path.of("/dev/null"), "-");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo(
            "tralign: --prompts: /dev/null is a pipe or a device; expected a file, or - for the"
                + " standard input\n");
  }

  @Test
  void an_end_token_that_the_model_has_not_is_named_before_the_weights_are_read()
      throws IOException {
    Path model = Cli.copy(Cli.LLAMA, folder.resolve("model"));
    Files.writeString(model.resolve("generation_config.json"), "{\"eos_token_id\": [2, 99999]}");
    Path prompts = Files.writeString(folder.resolve("prompts.txt"), "The cat\n");
    Cli.Outcome outcome = run("--policy", model, "--prompts", prompts, "--output", "-");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .startsWith(
            "tralign: "
                + model.resolve("generation_config.json")
                + ": key 'eos_token_id' is [2,99999]; expected token ids from 0 to ")
        .hasLineCount(1);
  }

  private void assertInvalid(String rows, String message) throws IOException {
    Path prompts = Files.writeString(folder.resolve("p.jsonl"), rows);
    Cli.Outcome outcome = generate(prompts, folder.resolve("out.jsonl"));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(message);
    assertThat(folder.resolve("out.jsonl")).doesNotExist();
    assertThat(folder.resolve("out.jsonl.partial")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--samples 2|--samples: greedy decoding gives equal completions",
        "--samples 0|--samples: must be at least 1, not 0",
        "--samples 2000000000|--samples: must be at most 1000000, not 2000000000",
        "--repetition-penalty 1e-30|--repetition-penalty: repetitionPenalty must lie in [0.001, 1000]",
        "--greedy --seed 5|--seed: has no effect with --greedy",
        "--greedy --top-k 5|--top-k: has no effect with --greedy",
        "--temperature 0 --top-p 0.5|--top-p: has no effect with --temperature 0",
        "--temperature -1|--temperature: temperature must lie in",
        "--top-p 0|--top-p: topP must lie in (0, 1]",
        "--max-new-tokens 0|--max-new-tokens: maxNewTokens must lie in",
        "--cache-tokens 5|--cache-tokens: 5 is less than a prompt with its completion needs",
        "--format arena|--format: unknown format 'arena'",
        "--format arena-hard --logps|--logps: cannot be used with --format arena-hard",
        "--model-name x|--model-name: has no effect without --format",
        "--base-precision bf16 --adapter a|--base-precision: cannot be bf16 with --adapter"
      })
  void an_invalid_option_is_named(String options, String message) throws IOException {
    Path prompts = Files.writeString(folder.resolve("prompts.txt"), "The cat\n");
    Cli.Outcome outcome =
        generate(prompts, folder.resolve("out.jsonl"), (Object[]) options.split(" "));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("tralign: " + message);
  }

  private static List<String> texts(String out) throws IOException {
    List<String> texts = new ArrayList<>();
    for (String line : out.lines().toList()) {
      texts.add(new ObjectMapper().readTree(line).path("completion").asText());
    }
    return texts;
  }

  @Test
  void a_cache_larger_than_memory_is_not_more_than_the_prompts_need() throws IOException {
    Path prompts = Files.writeString(folder.resolve("prompts.txt"), "The cat\n");
    Cli.Outcome outcome =
        generate(prompts, "-", "--max-new-tokens", 2, "--cache-tokens", Long.MAX_VALUE);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("\"tokens\":2");
  }

  private static Cli.Outcome generate(Path prompts, Object output, Object... more) {
    Object[] common = {"--policy", Cli.LLAMA, "--prompts", prompts, "--output", output};
    return run(Stream.of(common, more).flatMap(Stream::of).toArray());
  }

  private static Cli.Outcome run(Object... more) {
    Object[] common = {"generate", "--threads", 1};
    return Cli.run(Stream.of(common, more).flatMap(Stream::of).toArray());
  }
}
