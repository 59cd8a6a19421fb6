package io.github.tralign.djl.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.djl.tokenizer.TextStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class CompletionTextTest {

  private static final CheckpointTokenizer TOKENIZER =
      CheckpointTokenizer.load(Path.of("src/test/resources/io/github/tralign/djl/golden", "neox"));

  @AfterAll
  static void close() {
    TOKENIZER.close();
  }

  @Test
  void a_stop_string_is_cut_off_with_what_follows() {
    CompletionText text = completion("User:", "\n\n");
    List<String> parts = add(text, "Fine, thanks.\nUser: and you?");
    assertThat(String.join("", parts)).isEqualTo("Fine, thanks.\n");
    assertThat(text.text()).isEqualTo("Fine, thanks.\n");
    assertThat(text.stopped()).isTrue();
  }

  @Test
  void the_earliest_of_several_stop_strings_counts() {
    CompletionText text = completion("b c", "a");
    add(text, "x a b c");
    assertThat(text.text()).isEqualTo("x ");
  }

  @Test
  void the_beginning_of_a_stop_string_is_held_back_until_it_is_none() {
    CompletionText text = completion("###");
    List<String> parts = add(text, "a ## b ##");
    assertThat(String.join("", parts)).isEqualTo("a ## b ##");
    assertThat(parts.get(parts.size() - 1)).isEqualTo("##"); // certain at the end only
    assertThat(parts.subList(0, parts.size() - 1)).noneMatch(it -> it.endsWith("#"));
    assertThat(text.stopped()).isFalse();
  }

  @Test
  void nothing_is_held_back_without_stop_strings() {
    CompletionText text = completion();
    List<String> parts = add(text, "plain words");
    assertThat(parts.get(parts.size() - 1)).isEmpty();
    assertThat(String.join("", parts)).isEqualTo("plain words");
  }

  private static CompletionText completion(String... stops) {
    return new CompletionText(TextStream.after(ImmutableIntArray.of(), TOKENIZER), List.of(stops));
  }

  private static List<String> add(CompletionText text, String whole) {
    List<String> parts = new ArrayList<>();
    for (int token : TOKENIZER.encodeWritten(List.of(whole)).get(0)) {
      if (!text.stopped()) {
        parts.add(text.add(token));
      }
    }
    parts.add(text.end());
    return parts;
  }
}
