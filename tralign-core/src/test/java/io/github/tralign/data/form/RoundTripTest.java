package io.github.tralign.data.form;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.data.DataReport;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.Tokenizer;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.TextRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Texts of any characters and lengths come out of files as they went in, every row counted. */
class RoundTripTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static Path folder = Path.of("");

  record Texts(String prompt, String chosen, String rejected) {}

  @BeforeContainer
  static void make_folder() throws IOException {
    folder = Files.createTempDirectory("rows");
  }

  @AfterContainer
  static void remove_folder() throws IOException {
    for (String name : List.of("t.jsonl", "t.json", "t.csv")) {
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.delete(folder);
  }

  @Property(tries = 200)
  void any_text_comes_through_every_kind_of_file(
      @ForAll @Size(min = 1, max = 5) List<@From("texts") Texts> texts,
      @ForAll boolean byteOrderMark,
      @ForAll boolean windows)
      throws IOException {
    String end = windows ? "\r\n" : "\n";
    List<String> lines = texts.stream().map(RoundTripTest::json).toList();
    String mark = byteOrderMark ? "\uFEFF" : "";
    assertSame(write("t.jsonl", mark + String.join(end + " \t" + end, lines) + end), texts);
    assertSame(write("t.json", mark + "[" + String.join("," + end, lines) + "]"), texts);
    assertSame(write("t.json", mark + String.join(end, lines)), texts);
    assertSame(
        write(
            "t.csv",
            mark
                + "prompt,chosen,rejected"
                + end
                + texts.stream().map(RoundTripTest::csv).collect(Collectors.joining(end))),
        texts);
  }

  @Property(tries = 200)
  void rows_used_and_dropped_are_the_rows_read(
      @ForAll @Size(min = 1, max = 8) List<@From("texts") Texts> texts,
      @ForAll @Size(8) List<Boolean> broken)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(json(new Texts("p", "c", "r"))); // tells the form
    for (int i = 0; i < texts.size(); i++) {
      String line = json(texts.get(i));
      lines.add(broken.get(i) ? line.substring(0, line.length() / 2) : line);
    }
    PreferenceData data =
        PreferenceData.read(new Characters())
            .skipInvalid(true)
            .maxLength(40)
            .file(write("t.jsonl", String.join("\n", lines)));
    DataReport report = data.report();
    long dropped = report.dropped().values().stream().mapToLong(DataReport.Drop::count).sum();
    assertThat(report.used() + dropped).isEqualTo(report.rows()).isEqualTo(lines.size());
    assertThat(report.sources().get(0).rows()).isEqualTo(lines.size());
    assertThat(data.size()).isEqualTo((int) report.used());
    assertThat(data.examples()).extracting("origin").doesNotHaveDuplicates();
  }

  @Provide
  Arbitrary<Texts> texts() {
    Arbitrary<String> any =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.strings().ofMaxLength(30)),
            Tuple.of(
                2,
                Arbitraries.strings()
                    .withChars(" ,\"\\\r\n\t\u0000\u2028\u2029\u0085\uFEFF'{}[]:é漢")
                    .ofMaxLength(20)),
            Tuple.of(1, Arbitraries.just("😀 long ".repeat(5_000))));
    Arbitrary<String> whole = any.map(RoundTripTest::withoutHalves);
    Arbitrary<String> completion = whole.filter(text -> !text.isEmpty());
    return Combinators.combine(whole, completion, completion).as(Texts::new);
  }

  private static void assertSame(Path file, List<Texts> texts) {
    List<Row> rows = Read.all(file);
    List<Texts> read =
        rows.stream()
            .map(TextRow.class::cast)
            .map(row -> new Texts(row.prompt(), row.completions().get(0), row.completions().get(1)))
            .toList();
    assertThat(read.equals(texts)).as("%s: %.300s is %.300s", file, texts, read).isTrue();
  }

  private static String withoutHalves(String text) {
    return new String(text.getBytes(UTF_8), UTF_8);
  }

  private static String json(Texts texts) {
    ObjectNode row = JSON.createObjectNode();
    row.put("prompt", texts.prompt()).put("chosen", texts.chosen());
    return row.put("rejected", texts.rejected()).toString();
  }

  private static String csv(Texts texts) {
    return List.of(texts.prompt(), texts.chosen(), texts.rejected()).stream()
        .map(text -> "\"" + text.replace("\"", "\"\"") + "\"")
        .collect(Collectors.joining(","));
  }

  private static Path write(String name, String content) throws IOException {
    return Files.write(folder.resolve(name), content.getBytes(UTF_8));
  }

  /** A token for each character. */
  private static final class Characters implements Tokenizer {

    @Override
    public int[] encode(String text) {
      return text.chars().toArray();
    }

    @Override
    public String endOfSequence() {
      return "\u0003";
    }

    @Override
    public int vocabularySize() {
      return 1 << 16;
    }
  }
}
