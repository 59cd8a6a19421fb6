package io.github.tralign.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.tralign.InvalidInputException;
import io.github.tralign.data.form.SourceReport;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.data.row.TextRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferenceDataTest {

  private final ToyTokenizer tokenizer = ToyTokenizer.of();

  @TempDir Path folder;
  private Path good;
  private Path mixed;

  @BeforeEach
  void write_files() throws IOException {
    good = Files.writeString(folder.resolve("good.jsonl"), row("p", "cc", "r").repeat(3));
    mixed =
        Files.writeString(
            folder.resolve("mixed.jsonl"),
            row("p", "", "r")
                + row("p", "a", "a")
                + "no json\n"
                + row("long", "c", "r")
                + row("q", "", "r"));
  }

  @Test
  void files_are_read_one_after_the_other_as_if_they_were_one() {
    PreferenceData data =
        PreferenceData.read(tokenizer).maxLength(4).skipInvalid(true).files(List.of(good, mixed));
    assertThat(data.examples())
        .extracting(Example::origin)
        .containsExactly(good + ":1", good + ":2", good + ":3", mixed + ":2");
    DataReport report = data.report();
    assertThat(report.rows()).isEqualTo(8);
    assertThat(report.used()).isEqualTo(4);
    assertThat(report.dropped())
        .containsOnlyKeys(
            DropReason.EMPTY_COMPLETION, DropReason.JSON, DropReason.PROMPT_FILLS_LENGTH);
    assertThat(report.dropped().get(DropReason.EMPTY_COMPLETION))
        .hasToString("2 (" + mixed + ":1, " + mixed + ":5)");
    assertThat(report.identicalPairs()).isEqualTo(1);
    assertThat(report.promptTokens()).isEqualTo(4);
    assertThat(report.completionTokens()).isEqualTo(3 * 5 + 4);
    assertThat(report.longestSequence()).isEqualTo(4);
    assertThat(report.sources()).extracting(SourceReport::rows).containsExactly(3L, 5L);
    assertThat(report.sources()).allMatch(source -> source.sha256().matches("[0-9a-f]{64}"));
  }

  @Test
  void the_report_reads_as_lines_without_what_did_not_happen() {
    PreferenceData data = PreferenceData.read(tokenizer).skipInvalid(true).files(List.of(mixed));
    assertThat(data.report().summary())
        .containsExactly(
            mixed
                + ": 5 rows, SHA-256 "
                + data.report().sources().get(0).sha256().substring(0, 12)
                + "…",
            "2 of 5 rows used: 5 prompt tokens, 8 completion tokens, longest sequence 6",
            "dropped because the line is not a record: 1 (" + mixed + ":3)",
            "dropped because a completion is empty: 2 (" + mixed + ":1, " + mixed + ":5)",
            "pairs of two equal completions: 1");
    assertThat(data).hasToString(String.join("\n", data.report().summary()));
  }

  @Test
  void only_the_first_places_of_a_drop_are_named() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("data.jsonl"), row("p", "", "r").repeat(5) + row("p", "c", "r"));
    DataReport report = PreferenceData.read(tokenizer).skipInvalid(true).file(file).report();
    assertThat(report.dropped().get(DropReason.EMPTY_COMPLETION))
        .hasToString("5 (" + file + ":1, " + file + ":2, " + file + ":3, …)");
  }

  @Test
  void a_faulty_row_is_an_error_unless_skipping_is_asked_for() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> PreferenceData.read(tokenizer).file(mixed))
        .withMessageStartingWith(mixed + ":1: field 'chosen' is an empty text");
  }

  @Test
  void a_missing_file_is_reported_before_any_other_is_read() {
    List<Long> progress = new ArrayList<>();
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                PreferenceData.read(tokenizer)
                    .onProgress(progress::add)
                    .files(List.of(good, folder.resolve("none.jsonl"))))
        .withMessageEndingWith("none.jsonl: no such file");
    assertThat(progress).isEmpty();
  }

  @Test
  void data_of_which_no_row_can_be_used_is_an_error_that_says_why() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> PreferenceData.read(tokenizer).maxLength(2).rows(pairs(100, "long")))
        .withMessageContaining("no row can be used")
        .withMessageContaining(
            "the prompt alone fills the maximum length: 100 (in memory, in memory, in memory, …)");
  }

  @Test
  void a_limit_takes_the_first_rows_that_can_be_used() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("data.jsonl"), row("p", "", "r") + row("p", "c", "r").repeat(200));
    PreferenceData data =
        PreferenceData.read(tokenizer).skipInvalid(true).limit(70).files(List.of(file, good));
    assertThat(data.size()).isEqualTo(70);
    assertThat(data.report().rows()).isEqualTo(71);
    assertThat(data.report().sources()).hasSize(1);
    assertThat(data.examples().get(69).origin()).isEqualTo(file + ":71");
  }

  @Test
  void many_rows_are_tokenized_a_few_at_a_time_with_progress() {
    List<Long> progress = new ArrayList<>();
    PreferenceData data =
        PreferenceData.read(tokenizer).onProgress(progress::add).rows(pairs(150, "p"));
    assertThat(data.size()).isEqualTo(150);
    assertThat(progress).containsExactly(64L, 128L, 150L);
    assertThat(tokenizer.largestCall()).isEqualTo(3 * 64);
  }

  @Test
  void settings_out_of_range_are_refused_with_the_value() {
    PreferenceReader reader = PreferenceData.read(tokenizer);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader.maxLength(1))
        .withMessageContaining("at least 2")
        .withMessageContaining("not 1");
    assertThatIllegalArgumentException().isThrownBy(() -> reader.maxPromptLength(0));
    assertThatIllegalArgumentException().isThrownBy(() -> reader.maxCompletionLength(0));
    assertThatIllegalArgumentException().isThrownBy(() -> reader.limit(0));
    assertThatIllegalArgumentException().isThrownBy(() -> reader.files(List.of()));
  }

  @Test
  void data_made_in_memory_has_a_report_too() {
    PreferenceData data =
        PreferenceData.of(
            Example.pair(new int[2], new int[] {1}, new int[] {2}),
            Example.pair(new int[3], new int[] {1}, new int[] {1}));
    assertThat(data.report().used()).isEqualTo(2);
    assertThat(data.report().sources()).isEmpty();
    assertThat(data.report().longestSequence()).isEqualTo(4);
    assertThat(data.report().identicalPairs()).isEqualTo(1);
    assertThatIllegalArgumentException().isThrownBy(PreferenceData::of);
  }

  @Test
  void the_fingerprint_depends_on_the_tokens_and_their_order_and_on_nothing_else() {
    Example a = Example.pair(new int[] {1, 2}, new int[] {3}, new int[] {4});
    Example moved = Example.pair(new int[] {1}, new int[] {2, 3}, new int[] {4});
    Example b = Example.demonstration(new int[] {1}, new int[] {2});
    String fingerprint = PreferenceData.of(a, b).fingerprint();
    assertThat(fingerprint).matches("[0-9a-f]{64}");
    assertThat(PreferenceData.of(b, a).fingerprint()).isNotEqualTo(fingerprint);
    assertThat(PreferenceData.of(moved, b).fingerprint()).isNotEqualTo(fingerprint);
    assertThat(PreferenceData.of(a).fingerprint()).isNotEqualTo(fingerprint);
    Example elsewhere = new Example(a.prompt(), a.completions(), "data.jsonl:7");
    assertThat(PreferenceData.of(elsewhere, b).fingerprint()).isEqualTo(fingerprint);
  }

  @Test
  void pairs_come_apart_into_labelled_completions() {
    Example pair = Example.pair(new int[] {1}, new int[] {2}, new int[] {3});
    Example labelled = Example.labelled(new int[] {4}, new int[] {5}, false);
    PreferenceData apart =
        PreferenceData.of(pair.with(Judgement.NONE.weight(2).margin(3)), labelled).unpaired();
    assertThat(apart.examples())
        .containsExactly(
            Example.labelled(new int[] {1}, new int[] {2}, true)
                .with(Judgement.labelled(true).weight(2)),
            Example.labelled(new int[] {1}, new int[] {3}, false)
                .with(Judgement.labelled(false).weight(2)),
            labelled);
  }

  @Test
  void the_fingerprint_tells_judgements_apart() {
    Example desirable = Example.labelled(new int[] {1}, new int[] {2}, true);
    Example undesirable = Example.labelled(new int[] {1}, new int[] {2}, false);
    assertThat(PreferenceData.of(desirable).fingerprint())
        .isNotEqualTo(PreferenceData.of(undesirable).fingerprint());
  }

  private static List<TextRow> pairs(int n, String prompt) {
    return IntStream.range(0, n).mapToObj(i -> TextRow.pair(prompt, "c" + i, "r")).toList();
  }

  private static String row(String prompt, String chosen, String rejected) {
    return String.format(
        "{\"prompt\": \"%s\", \"chosen\": \"%s\", \"rejected\": \"%s\"}%n",
        prompt, chosen, rejected);
  }

  @Test
  void demonstrations_are_the_chosen_and_what_is_not_undesirable() {
    Example pair =
        Example.pair(new int[] {1}, new int[] {2, 3}, new int[] {4})
            .with(Judgement.NONE.weight(0.5).margin(2));
    Example good = Example.labelled(new int[] {1}, new int[] {5}, true);
    Example bad = Example.labelled(new int[] {1}, new int[] {6}, false);
    Example shown = Example.demonstration(new int[] {1}, new int[] {7});
    PreferenceData data = PreferenceData.of(pair, good, bad, shown).demonstrations();
    assertThat(data.examples())
        .extracting(it -> it.completions().toString())
        .containsExactly("[[2, 3]]", "[[5]]", "[[7]]");
    assertThat(data.examples())
        .extracting(Example::judgement)
        .containsExactly(Judgement.NONE.weight(0.5), Judgement.NONE, Judgement.NONE);
    assertThatIllegalArgumentException().isThrownBy(() -> PreferenceData.of(bad).demonstrations());
  }
}
