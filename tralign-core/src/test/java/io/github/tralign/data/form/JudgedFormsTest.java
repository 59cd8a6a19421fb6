package io.github.tralign.data.form;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.data.row.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels, scores and other judgements of a row. */
class JudgedFormsTest extends OneLine {

  @ParameterizedTest
  @CsvSource({"true,true", "false,false", "1,true", "0,false", "1.0,true"})
  void labels_are_truth_values_or_one_and_zero(String written, boolean desirable) {
    Row row = one("{\"prompt\": \"p\", \"completion\": \"c\", \"label\": " + written + "}");
    assertThat(row.judgement()).isEqualTo(Judgement.labelled(desirable));
  }

  @Test
  void other_labels_are_refused() {
    assertRefused(
        "{\"prompt\": \"p\", \"completion\": \"c\", \"label\": 2}",
        DropReason.FIELD,
        "field 'label' is 2; expected true or false, or 1 or 0");
    assertRefused(
        "{\"prompt\": \"p\", \"completion\": \"c\", \"label\": \"good\"}",
        DropReason.FIELD,
        "field 'label' is a text; expected true or false, or 1 or 0");
  }

  @Test
  void judgements_of_a_pair_are_read() {
    String pair = "{\"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": \"r\", ";
    assertThat(one(pair + "\"weight\": 0.5, \"margin\": -2}").judgement())
        .isEqualTo(Judgement.NONE.weight(0.5).margin(-2));
    assertThat(one(pair + "\"win_probability\": 1}").judgement())
        .isEqualTo(Judgement.NONE.winProbability(1));
    assertThat(one(pair + "\"score_chosen\": 8, \"score_rejected\": 6.5}").judgement())
        .isEqualTo(Judgement.NONE.margin(1.5));
    assertThat(
            one(pair + "\"score_chosen\": 8, \"score_rejected\": 6.5, \"margin\": 4}").judgement())
        .isEqualTo(Judgement.NONE.margin(4));
    assertThat(one(pair + "\"margin\": null, \"weight\": null}").judgement())
        .isEqualTo(Judgement.NONE);
    assertRefused(
        pair + "\"weight\": \"heavy\"}",
        DropReason.FIELD,
        "field 'weight' is a text; expected a number");
    assertRefused(
        pair + "\"weight\": -1}", DropReason.FIELD, "the weight is -1.0; it must be a number >= 0");
    assertRefused(
        pair + "\"win_probability\": 1.5}",
        DropReason.FIELD,
        "the win probability is 1.5; it must be in [0, 1]");
    assertRefused(
        pair + "\"margin\": 1e999}", DropReason.FIELD, "field 'margin' is not a finite number");
    assertRefused(
        "{\"prompt\": \"p\", \"completion\": \"c\", \"label\": true, \"margin\": 1}",
        DropReason.FIELD,
        "fields 'margin' and 'win_probability' compare two completions, but the row has one");
  }

  @Test
  void equal_scores_are_no_pair_but_counted() {
    String line =
        "{\"prompt\": \"p\", \"completions\": [\"a\", \"b\", \"c\"], \"scores\": [1, 1, 1]}";
    assertThat(drops(line, FormSettings.DEFAULT)).containsExactly(DropReason.TIE);
    assertThat(drops(line, FormSettings.DEFAULT.pairs(PairChoice.ALL)))
        .containsExactly(DropReason.TIE, DropReason.TIE, DropReason.TIE);
    assertThat(drops(line, FormSettings.DEFAULT.pairs(PairChoice.RANDOM)))
        .containsExactly(DropReason.TIE);
  }

  @Test
  void scores_must_be_one_for_each_completion() {
    assertRefused(
        "{\"prompt\": \"p\", \"completions\": [\"a\", \"b\"], \"scores\": [1]}",
        DropReason.FIELD,
        "field 'scores' holds 1 number for 2 completions");
    assertRefused(
        "{\"prompt\": \"p\", \"completions\": [\"a\", 3], \"scores\": [1, 2]}",
        DropReason.FIELD,
        "field 'completions[1]' is a number; expected a text");
    assertRefused(
        "{\"prompt\": \"p\", \"completions\": [\"a\"], \"scores\": [1]}",
        DropReason.FIELD,
        "the row has 1 completion to compare; expected 2 to 256");
  }
}
