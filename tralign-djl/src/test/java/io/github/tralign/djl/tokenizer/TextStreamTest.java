package io.github.tralign.djl.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.ImmutableIntArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextStreamTest {

  private static final ImmutableIntArray NO_PROMPT = ImmutableIntArray.of();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"plain words", " ümläut — “quotes”", "日本語 🤖👩‍🚀 a\n\n  b\u0000"})
  void parts_are_whole_characters_and_together_the_text(String text) {
    try (CheckpointTokenizer tokenizer =
        CheckpointTokenizer.load(TokenizerFolder.GOLDEN.resolve("neox"))) {
      ImmutableIntArray prompt = ImmutableIntArray.copyOf(tokenizer.encode("Prompt:"));
      List<String> parts =
          parts(TextStream.after(prompt, tokenizer), tokenizer.encodeWritten(List.of(text)).get(0));
      assertThat(String.join("", parts)).isEqualTo(text);
      assertThat(parts).noneMatch(it -> it.contains("\uFFFD"));
    }
  }

  @Test
  void bytes_that_are_no_character_are_shown_at_the_end() {
    try (CheckpointTokenizer tokenizer =
        CheckpointTokenizer.load(TokenizerFolder.GOLDEN.resolve("neox"))) {
      int[] euro = tokenizer.encodeWritten(List.of("€")).get(0);
      assertThat(euro.length).isGreaterThan(1);
      TextStream stream = TextStream.after(NO_PROMPT, tokenizer);
      assertThat(stream.add(euro[0])).isEmpty();
      assertThat(stream.end()).isEqualTo("\uFFFD");
      assertThat(stream.end()).isEmpty();
    }
  }

  /** As SentencePiece: the first blank of a text is dropped, and characters may be bytes. */
  @Test
  void blanks_are_kept_after_a_prompt_and_bytes_joined() {
    try (CheckpointTokenizer tokenizer = sentencePiece()) {
      assertThat(tokenizer.decode(1, 2)).isEqualTo("Hello world");
      ImmutableIntArray prompt = ImmutableIntArray.of(1);
      TextStream stream = TextStream.after(prompt, tokenizer);
      assertThat(parts(stream, 2, 3, 4, 5, 1)).containsExactly(" world", "", "", "€", " Hello", "");
      assertThat(parts(TextStream.after(NO_PROMPT, tokenizer), 1, 2))
          .containsExactly("Hello", " world", "");
    }
  }

  @Test
  void invalid_bytes_do_not_hold_back_what_follows() {
    try (CheckpointTokenizer tokenizer = sentencePiece()) {
      TextStream stream = TextStream.after(ImmutableIntArray.of(3, 4, 5), tokenizer);
      List<String> parts = parts(stream, 4, 1);
      assertThat(parts.get(0)).isEmpty();
      assertThat(parts.get(1)).endsWith("Hello");
    }
  }

  @Test
  void the_text_of_a_token_apart_is_that_of_the_library() {
    try (CheckpointTokenizer tokenizer = sentencePiece()) {
      assertThat(tokenizer.decode(0, 1, 99)).isEqualTo("</s> Hello");
      assertThat(tokenizer.decode()).isEmpty();
    }
  }

  private static List<String> parts(TextStream stream, int... tokens) {
    List<String> parts = new ArrayList<>();
    for (int token : tokens) {
      parts.add(stream.add(token));
    }
    parts.add(stream.end());
    return parts;
  }

  private CheckpointTokenizer sentencePiece() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode().put("version", "1.0");
    json.putArray("added_tokens")
        .addObject()
        .put("id", 0)
        .put("content", "</s>")
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
    ObjectNode model = json.putObject("model").put("type", "BPE").put("byte_fallback", true);
    ObjectNode vocabulary = model.putObject("vocab");
    for (String token : List.of("</s>", "▁Hello", "▁world", "<0xE2>", "<0x82>", "<0xAC>")) {
      vocabulary.put(token, vocabulary.size());
    }
    model.putArray("merges");
    ArrayNode decoders = json.putObject("decoder").put("type", "Sequence").putArray("decoders");
    decoders
        .addObject()
        .put("type", "Replace")
        .put("content", " ")
        .putObject("pattern")
        .put("String", "▁");
    decoders.addObject().put("type", "ByteFallback");
    decoders.addObject().put("type", "Fuse");
    decoders.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
    TokenizerFolder.write(folder, "tokenizer.json", json);
    TokenizerFolder.write(
        folder,
        "tokenizer_config.json",
        mapper
            .createObjectNode()
            .put("eos_token", "</s>")
            .put("tokenizer_class", "PreTrainedTokenizerFast"));
    return CheckpointTokenizer.load(folder);
  }
}
