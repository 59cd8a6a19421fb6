package io.github.tralign.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.cache.CacheFolder;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.data.row.DropReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenCacheTest {

  private static final String ROWS =
      """
      {"prompt": "a😀", "chosen": "yes", "rejected": "no", "margin": 1.5, "weight": 0.5}
      {"prompt": "", "chosen": "yes", "rejected": "no"}
      {"prompt": "a long prompt", "chosen": "a long answer", "rejected": "no", "win_probability": 1}
      """;

  private static final String LABELLED =
      """
      {"prompt": "is it", "completion": "good", "label": true}
      """;

  @TempDir private Path folder;
  private final List<String> notices = new ArrayList<>();
  private final CountingTokenizer tokenizer = new CountingTokenizer();

  @BeforeEach
  void write_rows() throws IOException {
    Files.createDirectory(rows());
    Files.writeString(pairs(), ROWS);
    Files.writeString(rows().resolve("unpaired.jsonl"), LABELLED);
  }

  @Test
  void a_second_reading_takes_everything_from_the_cache() {
    PreferenceData made = read();
    int calls = tokenizer.calls;
    PreferenceData cached = read();

    assertThat(cached).isEqualTo(made);
    assertThat(cached.fingerprint()).isEqualTo(made.fingerprint());
    assertThat(cached.report().dropped()).containsOnlyKeys(DropReason.NO_PROMPT_TOKEN);
    assertThat(cached.report().cutCompletions()).isEqualTo(1);
    assertThat(tokenizer.calls).isEqualTo(calls);
    assertThat(cached).isEqualTo(reader().file(rows()));
    assertThat(notices).isEmpty();
  }

  @Test
  void other_bytes_or_settings_are_never_answered_from_it() throws IOException {
    List<PreferenceReader> others =
        List.of(
            reader().maxLength(13),
            reader().maxPromptLength(3),
            reader().maxCompletionLength(2),
            reader().truncation(Truncation.DROP),
            reader().limit(1),
            reader().skipInvalid(true),
            reader().template((messages, generation, settings) -> ""));
    read();
    for (PreferenceReader other : others.subList(0, 6)) {
      int calls = tokenizer.calls;
      other.cache(cache()).file(rows());
      assertThat(tokenizer.calls).isGreaterThan(calls);
    }
    assertThatThrownBy(() -> others.get(6).cache(cache()).file(rows()))
        .hasMessageContaining("the chat template has no fingerprint");

    int calls = tokenizer.calls;
    Files.writeString(pairs(), ROWS.replace("yes", "yep"));
    assertThat(read()).isEqualTo(reader().file(rows()));
    assertThat(tokenizer.calls).isGreaterThan(calls + 1);
  }

  @Test
  void rows_in_another_form_or_mix_are_never_answered_from_it() {
    DataFiles files = DataFiles.of(List.of(pairs()));
    PreferenceReader reader = reader().cache(cache());
    reader.files(files);
    for (DataFiles other :
        List.of(
            files.mixed(List.of(1.0)),
            files.with(files.settings().seed(1)),
            files.with(files.settings().form("pairs")),
            files.with(
                files.settings().columns(Map.of("chosen", "rejected", "rejected", "chosen"))))) {
      int calls = tokenizer.calls;
      reader.files(other);
      assertThat(tokenizer.calls).isGreaterThan(calls);
    }
  }

  @Test
  void a_damaged_file_is_made_anew_and_reported() throws IOException {
    PreferenceData made = read();
    Path file = cacheFile();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 4;
    Files.write(file, bytes);

    assertThat(read()).isEqualTo(made);
    assertThat(notices).singleElement().asString().contains("is damaged; it will be created again");
    int calls = tokenizer.calls;
    assertThat(read()).isEqualTo(made);
    assertThat(tokenizer.calls).isEqualTo(calls);
  }

  @Test
  void faults_of_rows_are_reported_as_without_a_cache() throws IOException {
    Files.writeString(pairs(), ROWS + "{}\n");

    assertThatThrownBy(this::read).hasMessageContaining("pairs.jsonl:4");
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  private PreferenceData read() {
    return reader().cache(cache()).file(rows());
  }

  private PreferenceReader reader() {
    return PreferenceData.read(tokenizer).maxLength(20);
  }

  private CacheFolder cache() {
    return CacheFolder.at(folder.resolve("cache"), notices::add);
  }

  private Path rows() {
    return folder.resolve("rows");
  }

  private Path pairs() {
    return rows().resolve("pairs.jsonl");
  }

  private Path cacheFile() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      return files.findFirst().orElseThrow();
    }
  }

  /** Counts how often rows are encoded. */
  private static final class CountingTokenizer extends ToyTokenizer {

    private int calls;

    @Override
    public List<int[]> encodeWritten(List<String> texts) {
      calls += texts.size() > 1 ? 1 : 0;
      return super.encodeWritten(texts);
    }
  }
}
