package io.github.tralign.data.form;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.row.ChatRow;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.data.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One example of each form, written in the form of the real thing. */
class ExamplesTest {

  @Test
  void pairs() {
    List<Row> rows = read("pairs");
    assertShown(
        rows,
        "The capital of France is =>  Paris. /  Lyon.",
        "Two and two make =>  four. /  five.");
    assertThat(rows.get(1).judgement()).isEqualTo(Judgement.NONE.margin(1.5).weight(0.5));
  }

  @Test
  void chat_pairs() {
    assertShown(
        read("chat-pairs"),
        "system: Answer briefly. | user: What is the capital of France?"
            + " => assistant: Paris. / assistant: Lyon.");
  }

  @Test
  void dialogues() {
    assertShown(
        read("dialogues"),
        "\n\nHuman: Name a colour.\n\nAssistant: Red.\n\nHuman: Another one.\n\nAssistant:"
            + " =>  Blue. /  Red.");
  }

  @Test
  void chat_dialogues() {
    List<Row> rows = read("chat-dialogues");
    assertShown(rows, "user: Name a colour. => assistant: Red. / assistant: No.");
    assertThat(rows.get(0).judgement()).isEqualTo(Judgement.NONE.margin(6.5));
  }

  @Test
  void comparisons() {
    assertShown(
        read("comparisons"),
        "SUBREDDIT: r/cats\n\nTITLE: A cat that is not mine\n\nPOST: My neighbour's cat comes in"
            + " through the window every night and eats our cat's food.\n\nTL;DR:"
            + " =>  My neighbour's cat eats our cat's food at night. /  Cats eat.");
  }

  @Test
  void argilla() {
    assertShown(
        read("argilla"), "user: Say hello in French. => assistant: Bonjour. / assistant: Hello.");
  }

  @Test
  void sharegpt_pairs() {
    assertShown(
        read("sharegpt-pairs"),
        "system: Be kind. | user: I am late. => assistant: That happens. / assistant: Again?");
  }

  @Test
  void the_authors_form() {
    assertShown(
        read("context"),
        "user: Recommend a book. | assistant: A novel? | user: Yes."
            + " => assistant: Middlemarch. / assistant: No idea.",
        "user: Recommend a film. => assistant: Stalker. / assistant: Any.");
  }

  @Test
  void unpaired() {
    List<Row> rows = read("unpaired");
    assertShown(rows, "The sky is =>  blue.", "The sky is =>  made of cheese.");
    assertThat(rows)
        .extracting(Row::judgement)
        .containsExactly(Judgement.labelled(true), Judgement.labelled(false));
  }

  @Test
  void chat_unpaired() {
    List<Row> rows = read("chat-unpaired");
    assertShown(rows, "user: What is the sky like? => assistant: Blue.");
    assertThat(rows.get(0).judgement().isDesirable()).isTrue();
  }

  @Test
  void ultrafeedback_gives_the_best_with_the_worst() {
    List<Row> rows = read("ultrafeedback");
    assertShown(
        rows, "user: Name a prime number above ten. => assistant: Eleven. / assistant: Twelve.");
    assertThat(rows.get(0).judgement()).isEqualTo(Judgement.NONE.margin(3.5));
  }

  @Test
  void ultrafeedback_gives_all_pairs_but_the_ties() {
    List<Row> rows = read("ultrafeedback", FormSettings.DEFAULT.pairs(PairChoice.ALL));
    assertThat(rows).hasSize(5); // of six, one has equal scores
    assertThat(rows).allMatch(row -> row.judgement().margin().orElseThrow() > 0);
  }

  @Test
  void a_random_pair_depends_on_the_seed_alone() {
    FormSettings random = FormSettings.DEFAULT.pairs(PairChoice.RANDOM);
    assertThat(read("ultrafeedback", random.seed(1)))
        .hasSize(1)
        .isEqualTo(read("ultrafeedback", random.seed(1)));
    long different =
        LongStream.range(0, 50)
            .mapToObj(seed -> read("ultrafeedback", random.seed(seed)))
            .distinct()
            .count();
    assertThat(different).isEqualTo(5); // each pair that is no tie comes up
  }

  @Test
  void scored() {
    assertShown(read("scored"), "Two and two make =>  four. /  five.");
    assertThat(read("scored", FormSettings.DEFAULT.pairs(PairChoice.ALL))).hasSize(2);
  }

  @Test
  void ranked() {
    List<Row> rows = read("ranked", FormSettings.DEFAULT.pairs(PairChoice.ALL));
    assertShown(
        rows,
        "user: Greet me. => assistant: Good morning! / assistant: Hi.",
        "user: Greet me. => assistant: Good morning! / assistant: What?",
        "user: Greet me. => assistant: Hi. / assistant: What?");
    assertThat(rows).allMatch(row -> row.judgement().equals(Judgement.NONE));
    assertShown(read("ranked"), "user: Greet me. => assistant: Good morning! / assistant: What?");
  }

  @Test
  void demonstrations() {
    assertShown(read("prompt-completion"), "Water boils at =>  100 degrees.");
    assertShown(
        read("chat-prompt-completion"),
        "user: When does water boil? => assistant: At 100 degrees.");
    assertShown(read("text"), " => Water boils at 100 degrees.");
  }

  @Test
  void messages_give_the_last_turn_or_all() {
    String toCall = "user: What time is it in Rome? => assistant: ";
    String toAnswer =
        "user: What time is it in Rome? | assistant:  | tool: 12:00 => assistant: It is noon.";
    assertShown(read("messages"), toAnswer);
    List<Row> turns = read("messages", FormSettings.DEFAULT.turns(Turns.ALL));
    assertShown(turns, toCall, toAnswer);
    ChatRow call = (ChatRow) turns.get(0);
    assertThat(call.settings())
        .isEqualTo(
            ImmutableMap.of(
                "enable_thinking",
                false,
                "tools",
                List.of(Map.of("type", "function", "function", Map.of("name", "time")))));
    assertThat(call.completions().get(0).get(0).fields()).containsOnlyKeys("tool_calls");
  }

  /** LLaMA-Factory's vector: which turns are learned, and the roles. */
  @Test
  void sharegpt() {
    String beginning = "system: System | user: User";
    assertShown(
        read("sharegpt", FormSettings.DEFAULT.turns(Turns.ALL)),
        beginning + " => assistant: 1",
        beginning + " | assistant: 1 | tool: Observation => assistant: Assistant");
    assertThat(read("sharegpt")).hasSize(1);
  }

  @Test
  void instructions_with_input_history_and_system() {
    assertShown(
        read("instruction-pairs"),
        "system: Be kind. | user: Hi. | assistant: Hello. | user: Translate into French.\nGood day."
            + " => assistant: Bonjour. / assistant: Hallo.",
        "user: Name a colour. => assistant: Red. / assistant: No.");
    assertShown(read("alpaca"), "user: Add.\n1 and 2 => assistant: 3");
    List<Row> labelled = read("alpaca-unpaired");
    assertShown(labelled, "user: Add.\n1 and 2 => assistant: 4");
    assertThat(labelled.get(0).judgement()).isEqualTo(Judgement.labelled(false));
  }

  @Test
  void pairs_of_messages_and_of_openai() {
    assertShown(read("messages-pairs"), "user: Name a colour. => assistant: Red. / assistant: No.");
    assertShown(
        read("openai-pairs"),
        "user: Is it cold in Oslo? => assistant: Yes, it snows. / assistant: It is not warm.");
  }

  @Test
  void two_responses_are_ordered_by_what_was_found() {
    assertShown(
        read("safe-rlhf"),
        "user: How do I boil an egg? => assistant: In water. / assistant: In lava.");
    assertShown(
        read("shp"),
        "user: My cat sleeps all day. Is it ill? => assistant: Cats do that. / assistant: Dogs do"
            + " not.",
        "user: Why is the sky blue? => assistant: Air scatters blue light most. / assistant: It is"
            + " not.");
    List<Row> first = read("helpsteer3");
    assertShown(first, "user: Name a prime. => assistant: Seven. / assistant: Eight.");
    assertThat(first.get(0).judgement().margin()).hasValue(3);
    assertShown(read("helpsteer2"), "user: Name a prime. => assistant: Five. / assistant: Four.");
  }

  @Test
  void labelled_conversations() {
    for (String form : List.of("messages-unpaired", "sharegpt-unpaired")) {
      List<Row> rows = read(form);
      assertThat(Read.shown(rows).get(1)).isEqualTo("user: Hi. => assistant: Go away.");
      assertThat(rows)
          .extracting(Row::judgement)
          .containsExactly(Judgement.labelled(true), Judgement.labelled(false));
    }
    assertThat(Read.shown(read("sharegpt-unpaired")).get(0))
        .isEqualTo("system: Be kind. | user: Hi. => assistant: Hello.");
  }

  @Test
  void ranks_of_nectar_and_nemo_begin_with_the_best() {
    assertShown(read("nectar"), "\n\nHuman: Name a prime.\n\nAssistant:  => Five. / Four.");
    assertThat(read("nectar", FormSettings.DEFAULT.pairs(PairChoice.ALL))).hasSize(3);
    assertThat(read("nectar").get(0).judgement()).isEqualTo(Judgement.NONE);
    assertShown(read("nemo"), "user: Name a prime. => assistant: Seven. / assistant: Nine.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
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
        "nemo"
      })
  void a_form_is_recognised_as_what_its_name_asks_for(String form) {
    assertThat(read(form)).isEqualTo(read(form, FormSettings.DEFAULT.form(form)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pairs", "sharegpt", "scored", "messages"})
  void records_as_maps_are_read_like_files(String form) throws IOException {
    var mapper = new ObjectMapper();
    List<Map<String, Object>> maps = new ArrayList<>();
    for (String line : Files.readAllLines(Read.path(form))) {
      maps.add(mapper.readValue(line, new TypeReference<>() {}));
    }
    try (RowReader reader = DataFiles.ofMaps(maps, FormSettings.DEFAULT, fault -> {})) {
      List<Row> rows = new ArrayList<>();
      reader.forEachRemaining(rows::add);
      assertThat(Read.shown(rows)).isEqualTo(Read.shown(read(form)));
    }
  }

  private static List<Row> read(String form) {
    return read(form, FormSettings.DEFAULT);
  }

  private static List<Row> read(String form, FormSettings settings) {
    return Read.example(form, settings);
  }

  private static void assertShown(List<Row> rows, String... expected) {
    assertThat(Read.shown(rows)).containsExactly(expected);
  }
}
