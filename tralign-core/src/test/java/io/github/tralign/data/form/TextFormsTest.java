package io.github.tralign.data.form;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.TextRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of texts: with a prompt, or whole dialogues. */
class TextFormsTest extends OneLine {

  @Test
  void a_row_with_a_prompt_is_three_texts() {
    Row row = one("{\"id\": [7], \"chosen\": \" \", \"prompt\": \"\", \"rejected\": \"\\n\"}");
    assertThat(row).isEqualTo(new TextRow("", texts(" ", "\n"), Judgement.NONE, row.origin()));
    assertThat(row.origin()).endsWith("data.jsonl:1");
  }

  @Test
  void with_a_prompt_the_completions_are_not_split() {
    assertShown(
        "{\"prompt\": \"p\", \"chosen\": \"\\n\\nAssistant: x\", \"rejected\": \"\\n\\nAssistant: y\"}",
        "p => \n\nAssistant: x / \n\nAssistant: y");
  }

  @Test
  void dialogues_are_split_after_their_last_assistant_marker() {
    String prompt = "\\n\\nHuman: a\\n\\nAssistant: b\\n\\nHuman: c\\n\\nAssistant:";
    assertShown(
        dialogues(prompt + " yes", prompt + " no"), prompt.replace("\\n", "\n") + " =>  yes /  no");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\n\\nHuman: b\\n\\nAssistant: no",
        "\\n\\nHuman: a\\n\\nAssistant: no\\n\\nHuman: x\\n\\nAssistant: no"
      })
  void dialogues_with_different_prompts_are_refused(String rejected) {
    assertRefused(
        dialogues("\\n\\nHuman: a\\n\\nAssistant: yes", rejected),
        DropReason.PROMPTS_DIFFER,
        "the prompts of 'chosen' and 'rejected' differ; both dialogues must be the same up to the"
            + " last \"\\n\\nAssistant:\"");
  }

  /** TRL would split "The sky is blue." and "The sky is green." wherever they begin to differ. */
  @Test
  void a_text_without_a_marker_is_no_dialogue() {
    assertRefused(
        dialogues("\\n\\nAssistant: yes", "no"),
        DropReason.NO_ASSISTANT_TURN,
        "field 'rejected' contains no \"\\n\\nAssistant:\"; without a field 'prompt' it must be a"
            + " whole dialogue. If the prompt has another name, give it with --columns prompt=NAME");
    assertThat(fault(dialogues("The sky is blue.", "The sky is green.")).reason())
        .isEqualTo(DropReason.NO_ASSISTANT_TURN);
  }

  @Test
  void a_completion_of_zero_characters_is_refused() {
    assertRefused(
        "{\"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": \"\"}",
        DropReason.EMPTY_COMPLETION,
        "field 'rejected' is an empty text; a completion needs at least one character");
    assertRefused(
        dialogues("\\n\\nAssistant:", "\\n\\nAssistant: no"),
        DropReason.EMPTY_COMPLETION,
        "in field 'chosen' nothing follows the last \"\\n\\nAssistant:\"; a completion needs at"
            + " least one character");
    assertRefused(
        chats(USER, YES, USER, "{\"role\": \"assistant\", \"content\": \"\"}"),
        DropReason.EMPTY_COMPLETION,
        "field 'rejected' has an empty message of the assistant; a completion needs at least one"
            + " character");
  }

  @Test
  void half_a_surrogate_pair_is_refused() {
    assertRefused(
        "{\"prompt\": \"p\", \"chosen\": \"a\\ud800\", \"rejected\": \"r\"}",
        DropReason.ENCODING,
        "field 'chosen' contains an unpaired surrogate, which is not a character");
    assertShown(
        "{\"prompt\": \"p\", \"chosen\": \"\\ud83d\\ude00\", \"rejected\": \"r\"}", "p => 😀 / r");
    assertThat(
            fault("{\"messages\": [{\"role\": \"assistant\", \"content\": \"\\udc00\"}]}").reason())
        .isEqualTo(DropReason.ENCODING);
  }

  private static ImmutableList<String> texts(String... texts) {
    return ImmutableList.copyOf(texts);
  }
}
