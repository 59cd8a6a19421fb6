package io.github.tralign.data.form;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.RowFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Mutated rows and files: a clear error or a counted drop, never anything else. */
class FuzzTest {

  private static final JsonMapper JSON = new JsonMapper();

  private static final List<String> FORMS =
      List.of(
          "pairs",
          "chat-pairs",
          "dialogues",
          "chat-dialogues",
          "comparisons",
          "argilla",
          "sharegpt-pairs",
          "context",
          "unpaired",
          "chat-unpaired",
          "ultrafeedback",
          "scored",
          "ranked",
          "prompt-completion",
          "chat-prompt-completion",
          "text",
          "messages",
          "sharegpt",
          "instruction-pairs",
          "messages-pairs",
          "openai-pairs",
          "safe-rlhf",
          "shp",
          "helpsteer2",
          "helpsteer3",
          "messages-unpaired",
          "sharegpt-unpaired",
          "alpaca-unpaired",
          "alpaca",
          "nectar",
          "nemo");

  private static Path folder = Path.of("");

  @BeforeContainer
  static void make_folder() throws IOException {
    folder = Files.createTempDirectory("fuzz");
  }

  @AfterContainer
  static void remove_folder() throws IOException {
    for (Path file : (Iterable<Path>) Files.list(folder)::iterator) {
      Files.delete(file);
    }
    Files.delete(folder);
  }

  /** Rows of a form in which values, names and structure were changed. */
  @Property(tries = 5_000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void mutated_rows_are_rows_drops_or_errors(
      @ForAll("forms") String form, @ForAll("choices") FormSettings choice, @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    FormSettings settings = random.nextInt(4) == 0 ? choice : FormSettings.DEFAULT;
    settings = random.nextInt(4) == 0 ? settings.form(form) : settings;
    StringBuilder lines = new StringBuilder();
    int records = 1 + random.nextInt(4);
    for (int i = 0; i < records; i++) {
      ObjectNode row = example(form, random);
      for (int n = random.nextInt(3); n > 0; n--) {
        mutate(row, random);
      }
      lines.append(row).append(random.nextBoolean() ? "\n" : "\r\n");
    }
    assertAccountedFor(write("rows.jsonl", lines.toString().getBytes(UTF_8)), settings, records);
  }

  /** Files of every kind whose bytes were changed, cut or doubled. */
  @Property(tries = 5_000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void mutated_files_are_rows_drops_or_errors(
      @ForAll("forms") String form, @ForAll("kinds") String kind, @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    byte[] bytes = packed(kind, content(form, kind, random));
    for (int n = random.nextInt(4); n > 0; n--) {
      bytes = mutate(bytes, random);
    }
    assertAccountedFor(write("file" + kind, bytes), FormSettings.DEFAULT, -1);
  }

  /** What was not changed is what is read. */
  @Property(tries = 500, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void whole_files_of_every_kind_say_the_same(
      @ForAll("forms") String form, @ForAll("kinds") String kind, @ForAll long seed)
      throws IOException {
    if (kind.startsWith(".csv") && !isFlat(form)) {
      return;
    }
    List<Row> expected = Read.all(DataFiles.of(List.of(Read.path(form))), fault -> {});
    byte[] bytes = packed(kind, content(form, kind, new Random(seed)));
    List<Row> rows = Read.all(DataFiles.of(List.of(write("same" + kind, bytes))), fault -> {});
    assertThat(Read.shown(rows)).isEqualTo(Read.shown(expected));
  }

  @Provide
  Arbitrary<String> forms() {
    return Arbitraries.of(FORMS);
  }

  @Provide
  Arbitrary<String> kinds() {
    return Arbitraries.of(
        ".jsonl",
        ".jsonl.gz",
        ".jsonl.zst",
        ".json",
        ".json.gz",
        ".json.zst",
        ".csv",
        ".csv.gz",
        ".csv.zst");
  }

  @Provide
  Arbitrary<FormSettings> choices() {
    FormSettings plain = FormSettings.DEFAULT;
    return Arbitraries.of(
        plain,
        plain.turns(Turns.ALL),
        plain.pairs(PairChoice.ALL),
        plain.pairs(PairChoice.RANDOM),
        plain.form("messages"),
        plain.form("chat-dialogues"),
        plain.form("scored"),
        plain.form("ultrafeedback"),
        plain.columns(ImmutableMap.of("chosen", "rejected")));
  }

  /**
   * Reads a file twice, with faults as errors and with faults counted. The first stops at an error
   * that the second counts first.
   */
  private static void assertAccountedFor(Path file, FormSettings settings, int records) {
    DataFiles files = DataFiles.of(List.of(file)).with(settings);
    List<RowFault> faults = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    String error = "";
    try (RowReader reader = files.open(faults::add)) {
      reader.forEachRemaining(rows::add);
      if (records >= 0) {
        assertThat(reader.records()).isEqualTo(records);
      }
      assertThat(rows.size() + faults.size()).isGreaterThanOrEqualTo((int) reader.records());
    } catch (InvalidInputException e) {
      error = String.valueOf(e.getMessage());
      assertThat(error).contains(file.toString());
    }
    for (RowFault fault : faults) {
      assertThat(fault.message()).startsWith(file + ":").doesNotContain("Exception");
    }
    String expected =
        faults.stream()
            .filter(fault -> fault.reason().isFault())
            .findFirst()
            .map(RowFault::message)
            .orElse(error);
    try {
      assertThat(Read.all(files)).isEqualTo(rows);
      assertThat(expected).isEmpty();
    } catch (InvalidInputException e) {
      assertThat(e).hasMessage(expected);
    }
    assertThat(faults).extracting(RowFault::reason).doesNotContainNull();
    assertThat(rows).allMatch(row -> row.origin().startsWith(file.toString()));
    assertThat(faults.stream().filter(fault -> !fault.reason().isFault()))
        .allMatch(fault -> fault.reason() == DropReason.TIE);
  }

  // Rows

  private static ObjectNode example(String form, Random random) throws IOException {
    List<String> lines = Files.readAllLines(Read.path(form));
    return (ObjectNode) JSON.readTree(lines.get(random.nextInt(lines.size())));
  }

  private static void mutate(JsonNode node, Random random) {
    if (node instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      JsonNode value = object.path(name);
      if (value.isContainerNode() && random.nextInt(4) > 0) {
        mutate(value, random);
        return;
      }
      switch (random.nextInt(4)) {
        case 0 -> object.remove(name);
        case 1 -> object.set(otherName(random), object.remove(name));
        case 2 -> object.set(otherName(random), value);
        default -> object.set(name, otherValue(value, random));
      }
    } else if (node instanceof ArrayNode list && !list.isEmpty()) {
      int i = random.nextInt(list.size());
      JsonNode value = list.get(i);
      if (value.isContainerNode() && random.nextInt(4) > 0) {
        mutate(value, random);
        return;
      }
      switch (random.nextInt(3)) {
        case 0 -> list.remove(i);
        case 1 -> list.add(value);
        default -> list.set(i, otherValue(value, random));
      }
    }
  }

  private static String otherName(Random random) {
    List<String> names =
        List.of(
            "prompt",
            "chosen",
            "rejected",
            "completion",
            "label",
            "messages",
            "conversations",
            "text",
            "completions",
            "scores",
            "ranked",
            "role",
            "content",
            "from",
            "value",
            "weight",
            "margin",
            "tools",
            "chat_template_kwargs",
            "score_chosen",
            "é\uFEFF",
            "",
            "a.b[0]");
    return names.get(random.nextInt(names.size()));
  }

  private static JsonNode otherValue(JsonNode value, Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.getNodeFactory().textNode("");
      case 2 -> JSON.getNodeFactory().textNode("a\ud800b");
      case 3 ->
          JSON.getNodeFactory()
              .textNode("\n\nAssistant: \u0000\u2028😀".repeat(random.nextInt(50)));
      case 4 -> JSON.getNodeFactory().numberNode(random.nextInt(5) - 2);
      case 5 -> JSON.getNodeFactory().numberNode(random.nextDouble() * 1e300);
      case 6 -> JSON.getNodeFactory().numberNode(new BigDecimal("1e999"));
      case 7 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
      case 8 -> JSON.createArrayNode().add(value);
      case 9 -> JSON.createArrayNode();
      case 10 -> JSON.createObjectNode();
      default -> JSON.createObjectNode().set("x", value);
    };
  }

  // Files

  private static boolean isFlat(String form) {
    return List.of("pairs", "dialogues", "argilla", "unpaired", "prompt-completion").contains(form);
  }

  private static byte[] content(String form, String kind, Random random) throws IOException {
    List<String> lines = Files.readAllLines(Read.path(form));
    boolean crlf = random.nextBoolean();
    String end = crlf ? "\r\n" : "\n";
    String content =
        kind.startsWith(".csv")
            ? csv(lines, end)
            : kind.startsWith(".json.") || kind.equals(".json")
                ? random.nextBoolean()
                    ? "[" + String.join("," + end, lines) + "]" + end
                    : String.join(end + end, lines)
                : String.join(end + end, lines) + end;
    return ((random.nextBoolean() ? "\uFEFF" : "") + content).getBytes(UTF_8);
  }

  private static String csv(List<String> lines, String end) throws IOException {
    List<String> names = new ArrayList<>();
    for (String line : lines) {
      JSON.readTree(line)
          .fieldNames()
          .forEachRemaining(
              it -> {
                if (!names.contains(it)) {
                  names.add(it);
                }
              });
    }
    StringBuilder csv = new StringBuilder(String.join(",", names)).append(end);
    for (String line : lines) {
      JsonNode row = JSON.readTree(line);
      List<String> cells = new ArrayList<>();
      for (String name : names) {
        JsonNode value = row.path(name);
        String text = value.isValueNode() ? value.asText() : value.toString();
        cells.add(value.isMissingNode() ? "" : "\"" + text.replace("\"", "\"\"") + "\"");
      }
      csv.append(String.join(",", cells)).append(end);
    }
    return csv.toString();
  }

  private static byte[] packed(String kind, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        kind.endsWith(".gz")
            ? new GZIPOutputStream(bytes)
            : kind.endsWith(".zst") ? new ZstdOutputStreamNoFinalizer(bytes) : bytes) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    if (bytes.length == 0) {
      return bytes;
    }
    int at = random.nextInt(bytes.length);
    byte[] mutated = bytes.clone();
    switch (random.nextInt(5)) {
      case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> mutated[at] = (byte) "{}[]\",:\n\r\\\u0000é".getBytes(UTF_8)[random.nextInt(13)];
      case 2 -> mutated = Arrays.copyOf(bytes, at);
      case 3 -> {
        mutated = Arrays.copyOf(bytes, bytes.length + bytes.length - at);
        System.arraycopy(bytes, at, mutated, bytes.length, bytes.length - at);
      }
      default -> {
        mutated = new byte[bytes.length - 1];
        System.arraycopy(bytes, 0, mutated, 0, at);
        System.arraycopy(bytes, at + 1, mutated, at, bytes.length - at - 1);
      }
    }
    return mutated;
  }

  private static Path write(String name, byte[] content) {
    try {
      return Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
