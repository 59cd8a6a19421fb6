package io.github.tralign.djl.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.data.row.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vectors of axolotl's own tests on conversations. */
class PeerChatVectorsTest {

  private static final Path TEMPLATES =
      Path.of("src/test/resources/io/github/tralign/djl/chat/jinja/templates");

  private static final List<Message> GREETINGS =
      List.of(
          Message.of("user", "hello"),
          Message.of("assistant", "hello"),
          Message.of("user", "goodbye"));

  @TempDir private Path folder;

  @Test
  void llama_3() throws IOException {
    check(
        "llama-3",
        "<|begin_of_text|>",
        "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nhello<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\nhello<|eot_id|>"
            + "<|start_header_id|>user<|end_header_id|>\n\ngoodbye<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\n",
        "<|eot_id|>");
  }

  @Test
  void gemma() throws IOException {
    check(
        "gemma",
        "<bos>",
        "<bos><start_of_turn>user\nhello<end_of_turn>\n<start_of_turn>model\nhello<end_of_turn>\n"
            + "<start_of_turn>user\ngoodbye<end_of_turn>\n<start_of_turn>model\n",
        "<end_of_turn>\n");
  }

  @Test
  void phi_3() throws IOException {
    check(
        "phi-3",
        "<s>",
        "<|user|>\nhello<|end|>\n<|assistant|>\nhello<|end|>\n<|user|>\ngoodbye<|end|>\n"
            + "<|assistant|>\n",
        "<|end|>\n<|endoftext|>");
  }

  /** axolotl.kto_chatml_argilla. */
  @Test
  void chatml() throws IOException {
    CheckpointTemplate template = template("chatml", "<s>");
    List<Message> question = List.of(Message.of("user", "What is 2 + 2?"));

    assertThat(template.render(question, true, Map.of()))
        .isEqualTo("<|im_start|>user\nWhat is 2 + 2?<|im_end|>\n<|im_start|>assistant\n");
    assertThat(whole(template, question, "4")).endsWith("<|im_start|>assistant\n4<|im_end|>\n");
  }

  private void check(String name, String begin, String prompt, String ending) throws IOException {
    CheckpointTemplate template = template(name, begin);

    assertThat(template.render(GREETINGS, true, Map.of())).isEqualTo(prompt);
    for (String answer : List.of("goodbye", "party on")) {
      assertThat(whole(template, GREETINGS, answer)).isEqualTo(prompt + answer + ending);
    }
  }

  private static String whole(CheckpointTemplate template, List<Message> prompt, String answer) {
    List<Message> all =
        Stream.concat(prompt.stream(), Stream.of(Message.of("assistant", answer))).toList();
    return template.render(all, false, Map.of());
  }

  private CheckpointTemplate template(String name, String begin) throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        String.format("{\"bos_token\": \"%s\", \"eos_token\": \"<|endoftext|>\"}", begin));
    return CheckpointTemplate.of(TEMPLATES.resolve(name + ".jinja"), folder);
  }
}
