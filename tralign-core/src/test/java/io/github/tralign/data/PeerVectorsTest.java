package io.github.tralign.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.data.form.FormSettings;
import io.github.tralign.data.form.RowReader;
import io.github.tralign.data.row.ChatRow;
import io.github.tralign.data.row.Message;
import io.github.tralign.data.row.TextRow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Vectors of peers' tests on how rows are read and paired; docs/data.md has the others. */
class PeerVectorsTest {

  /** TRL, tests/test_data_utils.py, TestExtractPrompt. */
  @Test
  void trl_s_prompt_of_two_conversations() {
    assertSplit("What color is the sky?", "It is blue.", "It is green.");
  }

  /** torchtune, tests/torchtune/datasets/test_preference_dataset.py, test_load_local_json. */
  @Test
  void torchtune_s_pair_of_conversations() {
    assertSplit(
        "What do I do when I have a hole in my trousers?", "Fix the hole.", "Take them off.");
  }

  /** TRL, tests/test_data_utils.py, TestUnpairPreferenceDataset; there all chosen come first. */
  @Test
  void trl_s_pairs_taken_apart() {
    PreferenceData data =
        PreferenceData.read(ToyTokenizer.of())
            .rows(
                List.of(
                    TextRow.pair("The sky is", " blue.", " green."),
                    TextRow.pair("The sun is", " in the sky.", " in the sea.")))
            .unpaired();
    PreferenceData expected =
        PreferenceData.read(ToyTokenizer.of())
            .rows(
                List.of(
                    TextRow.labelled("The sky is", " blue.", true),
                    TextRow.labelled("The sky is", " green.", false),
                    TextRow.labelled("The sun is", " in the sky.", true),
                    TextRow.labelled("The sun is", " in the sea.", false)));
    assertThat(data.examples()).isEqualTo(expected.examples());
  }

  private static void assertSplit(String question, String better, String worse) {
    Map<String, Object> user = Map.of("role", "user", "content", question);
    Map<String, Object> record =
        Map.of(
            "chosen", List.of(user, Map.of("role", "assistant", "content", better)),
            "rejected", List.of(user, Map.of("role", "assistant", "content", worse)));
    try (RowReader rows = DataFiles.ofMaps(List.of(record), FormSettings.DEFAULT, fault -> {})) {
      ChatRow row = (ChatRow) rows.next();
      assertThat(row.prompt()).containsExactly(Message.of("user", question));
      assertThat(row.completions())
          .containsExactly(
              ImmutableList.of(Message.of("assistant", better)),
              ImmutableList.of(Message.of("assistant", worse)));
    }
  }
}
