package io.github.tralign.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.data.row.DropReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferenceStreamTest {

  private static final int ROWS = 2_000;

  /** Texts of the rows that are on their way at the most, and one to ask what is added. */
  private static final int AHEAD = 4 * 64 * 3 + 1;

  @TempDir Path folder;

  @Test
  void a_pass_gives_the_examples_and_the_report_of_reading_at_once() throws IOException {
    Path file = write(ROWS, "");
    PreferenceData data = reader().file(file);
    PreferenceStream stream = reader().stream(file);

    assertThat(all(stream)).isEqualTo(data.examples());
    assertThat(stream.report()).isEqualTo(data.report());
    assertThat(stream.maxLength()).isEqualTo(data.maxLength());
    assertThat(stream.report().dropped()).containsOnlyKeys(DropReason.PROMPT_FILLS_LENGTH);
    assertThat(stream.statistics()).isEqualTo(data.statistics());
    PreferenceStream unpaired = stream.unpaired();
    assertThat(all(unpaired)).isEqualTo(data.unpaired().examples());
    assertThat(unpaired.statistics()).isEqualTo(data.unpaired().statistics());
    assertThat(unpaired.report()).isEqualTo(data.report());
    assertThat(all(stream.demonstrations())).isEqualTo(data.demonstrations().examples());
    assertThat(all(stream.unpaired().demonstrations()))
        .isEqualTo(data.unpaired().demonstrations().examples());
  }

  @Test
  void the_first_example_is_there_before_the_last_row_is_read() throws IOException {
    CountingTokenizer tokenizer = new CountingTokenizer();
    PreferenceStream stream = PreferenceData.read(tokenizer).stream(write(ROWS, ""));
    try (ExamplePass pass = stream.begin()) {
      assertThat(pass.examples().next()).isNotNull();
      assertThat(tokenizer.texts.get()).isBetween(1, AHEAD);
      assertThat(stream.report().rows()).isEqualTo(1);
    }
    assertThat(tokenizer.texts.get()).isLessThanOrEqualTo(AHEAD);
  }

  /** What is shown at a step is the same each time, whichever thread is faster. */
  @Test
  void the_report_counts_the_rows_that_were_handed_out() throws IOException {
    PreferenceStream stream = reader().stream(write(ROWS, ""));
    try (ExamplePass pass = stream.begin()) {
      for (int i = 1; i <= 100; i++) {
        pass.examples().next();
        assertThat(stream.report().used()).isEqualTo(i);
        assertThat(stream.report().rows()).isEqualTo(i + i / 10); // each eleventh is dropped
        assertThat(stream.report().sources()).isEmpty();
      }
    }
    assertThat(stream.report().rows()).isEqualTo(110);
  }

  @Test
  void later_passes_and_a_look_at_the_first_rows_do_not_count() throws IOException {
    PreferenceStream stream = reader().stream(write(30, ""));
    assertThat(stream.first(5)).isEqualTo(all(stream).subList(0, 5));
    stream.first(7);
    try (ExamplePass pass = stream.again()) {
      assertThat(ImmutableList.copyOf(pass.examples())).isEqualTo(stream.first(100));
    }
    assertThat(stream.report().rows()).isEqualTo(30);
  }

  @Test
  void a_fault_is_reported_when_it_is_reached() throws IOException {
    Path file = write(ROWS, "no json\n");
    PreferenceStream stream = reader().stream(file);
    assertThat(stream.first(1)).hasSize(1);
    try (ExamplePass pass = stream.begin()) {
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> ImmutableList.copyOf(pass.examples()))
          .withMessageStartingWith(file + ":2001: ");
    }
    assertThat(stream.report().used()).isGreaterThan(1_000);
    PreferenceStream skipping = reader().skipInvalid(true).stream(file);
    assertThat(all(skipping)).hasSize(ROWS - ROWS / 11);
    assertThat(skipping.report().dropped()).containsKey(DropReason.JSON);
  }

  @Test
  void a_file_without_a_row_of_use_is_refused_at_the_first_look() throws IOException {
    Path file = write(20, "");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                PreferenceData.read(ToyTokenizer.of())
                    .maxPromptLength(9)
                    .truncation(Truncation.DROP)
                    .maxCompletionLength(1)
                    .stream(file)
                    .first(1))
        .withMessageStartingWith("no row can be used:\n")
        .withMessageContainingAll("0 of 20 rows used", DropReason.TOO_LONG.toString());
  }

  @Test
  void a_limit_holds_for_each_pass() throws IOException {
    PreferenceStream stream = reader().limit(70).stream(write(ROWS, "no json\n"));
    assertThat(all(stream)).hasSize(70).isEqualTo(all(stream));
    assertThat(stream.report().sources()).hasSize(1);
    assertThat(stream.report().sources().get(0).whole()).isFalse();
  }

  @Test
  void later_settings_of_the_reader_do_not_change_it() throws IOException {
    PreferenceReader reader = reader().limit(5);
    PreferenceStream stream = reader.stream(write(30, ""));
    reader.limit(6).maxLength(2);
    assertThat(all(stream)).hasSize(5);
  }

  @Test
  void a_missing_file_and_a_cache_are_refused_at_once() throws IOException {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> reader().stream(folder.resolve("none.jsonl")))
        .withMessageContaining("none.jsonl");
    CacheFolder cache = CacheFolder.at(folder.resolve("cache"), complaint -> {});
    Path file = write(1, "");
    assertThatIllegalStateException()
        .isThrownBy(() -> reader().cache(cache).stream(file))
        .withMessageContainingAll("cache(...)", "stream");
  }

  private static PreferenceReader reader() {
    return PreferenceData.read(ToyTokenizer.of()).maxLength(12);
  }

  private static ImmutableList<Example> all(PreferenceStream stream) {
    try (ExamplePass pass = stream.begin()) {
      return ImmutableList.copyOf(pass.examples());
    }
  }

  /** Of eleven rows the last has no room for a completion. */
  private Path write(int rows, String end) throws IOException {
    String lines =
        IntStream.range(0, rows)
            .mapToObj(
                i ->
                    String.format(
                        "{\"prompt\": \"%s\", \"chosen\": \"%d\", \"rejected\": \"no\"}\n",
                        i % 11 == 10 ? "a long prompt" : "p", i))
            .collect(Collectors.joining());
    return Files.write(folder.resolve("rows.jsonl"), (lines + end).getBytes(UTF_8));
  }

  private static final class CountingTokenizer extends ToyTokenizer {

    private final AtomicInteger texts = new AtomicInteger();

    @Override
    public List<int[]> encodeWritten(List<String> written) {
      texts.addAndGet(written.size());
      return super.encodeWritten(written);
    }
  }
}
