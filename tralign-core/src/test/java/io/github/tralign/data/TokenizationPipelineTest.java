package io.github.tralign.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.data.form.RowReader;
import io.github.tralign.data.row.RowFault;
import io.github.tralign.data.row.TextRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading and tokenizing at the same time gives what they give in turn, row by row. */
class TokenizationPipelineTest {

  private static final LengthLimits LIMITS = LengthLimits.NONE.total(12);

  private static Path shared = Path.of("");

  @BeforeContainer
  static void make_folder() throws IOException {
    shared = Files.createTempDirectory("pipeline");
  }

  @AfterContainer
  static void remove_folder() throws IOException {
    Files.deleteIfExists(shared.resolve("a.jsonl"));
    Files.deleteIfExists(shared.resolve("b.jsonl"));
    Files.delete(shared);
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void data_report_and_first_error_are_those_of_reading_row_by_row(
      @ForAll @IntRange(min = 1, max = 900) int rows,
      @ForAll @IntRange(min = 1, max = 900) int limit,
      @ForAll boolean limited,
      @ForAll boolean skipInvalid,
      @ForAll long seed)
      throws IOException, InterruptedException {
    Random random = new Random(seed);
    double faults = random.nextBoolean() ? 0.2 : 0.002;
    Path first = write(shared.resolve("a.jsonl"), rows, faults, random);
    Path second = write(shared.resolve("b.jsonl"), 100, faults, random);
    DataFiles files = DataFiles.of(List.of(first, second));
    int atMost = limited ? limit : Integer.MAX_VALUE;
    WatchedTokenizer tokenizer = new WatchedTokenizer();
    PreferenceReader reader =
        PreferenceData.read(tokenizer)
            .maxLength(LIMITS.total())
            .skipInvalid(skipInvalid)
            .limit(atMost);

    assertThat(outcome(() -> reader.files(files)))
        .isEqualTo(outcome(() -> rowByRow(files, atMost, skipInvalid)));
    tokenizer.assertLeftAlone();
  }

  @Test
  void a_file_that_breaks_off_ends_reading_and_thread(@TempDir Path folder) throws Exception {
    Path file = write(folder.resolve("broken.jsonl"), 300, 0, new Random(1));
    Files.write(file, new byte[] {'{', (byte) 0xFF, '\n'}, StandardOpenOption.APPEND);
    WatchedTokenizer tokenizer = new WatchedTokenizer();

    assertThatThrownBy(() -> PreferenceData.read(tokenizer).file(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(file + ":301: not valid UTF-8");
    tokenizer.assertLeftAlone();
  }

  @Test
  void a_tokenizer_that_fails_is_reported_as_it_is(@TempDir Path folder) throws Exception {
    Path file = write(folder.resolve("whole.jsonl"), 900, 0, new Random(1));
    WatchedTokenizer tokenizer = new WatchedTokenizer();
    tokenizer.callsLeft.set(2);

    assertThatThrownBy(() -> PreferenceData.read(tokenizer).file(file))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("no more");
    tokenizer.assertLeftAlone();
  }

  @Test
  void an_interrupted_reader_ends() throws InterruptedException {
    WatchedTokenizer tokenizer = new WatchedTokenizer();
    List<TextRow> rows = Collections.nCopies(900, TextRow.pair("p", "c", "r"));
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> PreferenceData.read(tokenizer).rows(rows))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    tokenizer.assertLeftAlone();
  }

  /** What reading is: each row read, written and tokenized before the next one is looked at. */
  private static PreferenceData rowByRow(DataFiles files, int limit, boolean skipInvalid) {
    Tokenizer tokenizer = ToyTokenizer.of();
    EosAppender endings = new EosAppender(tokenizer);
    TextTokenizer texts = new TextTokenizer(tokenizer, endings, LIMITS, false);
    Tally tally = new Tally();
    Consumer<RowFault> faults =
        fault -> {
          if (fault.reason().isFault() && !skipInvalid) {
            throw new InvalidInputException(fault.message());
          }
          tally.dropped(fault.reason(), fault.origin());
        };
    List<Example> examples = new ArrayList<>();
    try (RowReader rows = files.open(faults)) {
      while (examples.size() < limit && rows.hasNext()) {
        TextRow row = (TextRow) rows.next();
        ImmutableList<String> wholes =
            row.completions().stream()
                .map(it -> row.prompt() + endings.ofText(it))
                .collect(ImmutableList.toImmutableList());
        RowTexts one = new RowTexts(row, row.prompt(), wholes, false);
        TokenizedRow tokenized = texts.tokenize(List.of(one)).get(0);
        if (tokenized instanceof TokenizedRow.Used used) {
          tally.used(used);
          examples.add(used.example());
        } else if (tokenized instanceof TokenizedRow.Dropped dropped) {
          tally.dropped(dropped.reason(), dropped.origin());
        }
      }
      rows.sources().forEach(tally::source);
    }
    DataReport report = tally.report();
    if (examples.isEmpty()) {
      throw new InvalidInputException("no row can be used:\n" + report);
    }
    return new PreferenceData(ImmutableList.copyOf(examples), report, LIMITS.total());
  }

  private static Object outcome(Supplier<PreferenceData> reading) {
    try {
      return reading.get();
    } catch (InvalidInputException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static Path write(Path file, int rows, double faults, Random random) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      lines.append(random.nextDouble() < faults ? faulty(random) : sound(random)).append('\n');
    }
    return Files.write(file, lines.toString().getBytes(UTF_8));
  }

  private static String faulty(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> "no json";
      case 1 -> "{\"prompt\": \"p\", \"chosen\": \"c\"}";
      case 2 -> "{\"prompt\": \"p\", \"chosen\": \"\", \"rejected\": \"r\"}";
      default -> "{\"prompt\": \"a\\ud800\", \"chosen\": \"c\", \"rejected\": \"r\"}";
    };
  }

  /** Some have no prompt, some one that fills the length. */
  private static String sound(Random random) {
    String prompt = "p".repeat(random.nextInt(15));
    String chosen = "c".repeat(1 + random.nextInt(5));
    return String.format(
        "{\"prompt\": \"%s\", \"chosen\": \"%s\", \"rejected\": \"r\"}", prompt, chosen);
  }

  /** Takes its time, and sees who uses it. */
  private static final class WatchedTokenizer extends ToyTokenizer {

    private final AtomicBoolean inUse = new AtomicBoolean();
    private volatile @Nullable Thread thread;
    private final AtomicInteger callsLeft = new AtomicInteger(Integer.MAX_VALUE);

    @Override
    public List<int[]> encodeWritten(List<String> texts) {
      assertThat(inUse.getAndSet(true)).isFalse();
      thread = Thread.currentThread();
      if (callsLeft.getAndDecrement() == 0) {
        inUse.set(false);
        throw new UnsupportedOperationException("no more");
      }
      List<int[]> encoded = super.encodeWritten(texts);
      Thread.yield();
      inUse.set(false);
      return encoded;
    }

    /** Nobody is using it, nor will. */
    void assertLeftAlone() throws InterruptedException {
      assertThat(inUse).isFalse();
      Thread user = thread;
      if (user != null && user != Thread.currentThread()) {
        user.join(10_000);
        assertThat(user.isAlive()).isFalse();
      }
    }
  }
}
