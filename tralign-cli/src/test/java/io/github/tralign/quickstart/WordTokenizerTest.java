package io.github.tralign.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.github.tralign.data.row.TextRow;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordTokenizerTest {

  @TempDir private Path folder;

  @Test
  void a_word_that_was_given_is_one_token_and_its_end_is_token_zero() throws IOException {
    WordTokenizer.write(folder, List.of(" Paris is nice."));
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(folder)) {
      assertThat(tokenizer.encode(" nice Paris.")).hasSize(3);
      assertThat(tokenizer.encode(tokenizer.endOfSequence())).containsExactly(0);
    }
  }

  @Test
  void every_word_of_the_grammar_is_one_token() throws IOException {
    WordTokenizer.write(folder, Grammar.vocabulary());
    Pairs pairs = Pairs.draw(QuickstartSettings.builder().build());
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(folder)) {
      for (TextRow pair : pairs.training()) {
        for (String text :
            List.of(
                pair.prompt() + pair.completions().get(0),
                pair.prompt() + pair.completions().get(1))) {
          // Bytes are the tokens up to 256; of the texts only punctuation and line ends are such.
          long bytes = Arrays.stream(tokenizer.encode(text)).filter(id -> id <= 256).count();
          assertThat(bytes).as(text).isEqualTo(text.replaceAll("[\\w ]", "").length());
        }
      }
    }
  }

  @Test
  void any_text_comes_back_as_it_was() throws IOException {
    WordTokenizer.write(folder, Grammar.vocabulary());
    try (HuggingFaceTokenizer tokenizer =
        HuggingFaceTokenizer.newInstance(folder, Map.of("truncation", "false"))) {
      for (String text :
          List.of(
              " Of course! The capital of France is Paris.",
              "Ünïcödé, 日本語 and 🙂\t in  one\r\n\n line",
              "\u0000\u007f\u00a0\u00ad")) {
        assertThat(tokenizer.decode(tokenizer.encode(text).getIds())).isEqualTo(text);
      }
    }
  }

  @Test
  void each_byte_has_a_letter_of_its_own() {
    Set<Character> letters = new HashSet<>();
    for (int b = 0; b < 256; b++) {
      letters.add(WordTokenizer.letter(b));
    }
    assertThat(letters).hasSize(256);
    // As in GPT-2's vocabulary.
    assertThat(WordTokenizer.letter(' ')).isEqualTo('Ġ');
    assertThat(WordTokenizer.letter('\n')).isEqualTo('Ċ');
    assertThat(WordTokenizer.letter('a')).isEqualTo('a');
    assertThat(WordTokenizer.letter(0xad)).isEqualTo('Ń');
  }

  @Test
  void the_files_depend_on_the_words_alone() throws IOException {
    WordTokenizer.write(folder.resolve("one"), List.of(" b a", " c"));
    WordTokenizer.write(folder.resolve("two"), List.of(" c b", " a", " c"));
    assertThat(
            Files.mismatch(
                folder.resolve("one").resolve("tokenizer.json"),
                folder.resolve("two").resolve("tokenizer.json")))
        .isEqualTo(-1);
  }
}
