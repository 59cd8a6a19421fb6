package io.github.tralign.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.ChatRow;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.data.row.Message;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.RowFault;
import io.github.tralign.data.row.TextRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ChatRowTokenizerTest {

  private final ToyTokenizer plain = ToyTokenizer.of();
  private final Tally tally = new Tally();
  private final List<RowFault> faults = new ArrayList<>();

  /** {@code <role:content|>}, with a line end behind each turn. */
  private static String turns(
      List<Message> messages, boolean generation, Map<String, Object> settings) {
    StringBuilder text = new StringBuilder();
    messages.forEach(it -> text.append(String.format("<%s:%s|>\n", it.role(), it.content())));
    return text.append(generation ? "<assistant:" : "").toString();
  }

  @Test
  void the_answer_is_scored_up_to_the_token_that_ends_its_turn() {
    Example example = one(ending("|>"), ChatRowTokenizerTest::turns, row("hi", "yes", "no"));

    assertThat(example.prompt().toArray()).isEqualTo(plain.ids("<user:hi|>\n<assistant:"));
    assertThat(example.chosen().toArray()).isEqualTo(plain.ids("yes|>"));
    assertThat(example.rejected().toArray()).isEqualTo(plain.ids("no|>"));
    assertThat(tally.report().boundaryMerges()).isZero();
  }

  @Test
  void a_template_without_an_ending_gets_the_end_of_a_sequence() {
    Example example = one(plain, ChatRowTokenizerTest::turns, row("hi", "yes", "no"));

    assertThat(example.chosen().toArray())
        .isEqualTo(Ints.concat(plain.ids("yes|>\n"), new int[] {ToyTokenizer.END}));
  }

  @Test
  void an_answer_of_nothing_is_ended_all_the_same() {
    ChatTemplate open =
        (messages, generation, settings) ->
            turns(messages.subList(0, 1), true, settings)
                + (messages.size() > 1 ? messages.get(1).content() + "\n" : "");
    Example example = one(ending("<assistant:"), open, row("hi", "", "no"));

    assertThat(example.chosen().toArray())
        .isEqualTo(Ints.concat(plain.ids("\n"), new int[] {ToyTokenizer.END}));
  }

  @Test
  void a_template_that_begins_texts_itself_begins_them_once() {
    ToyTokenizer marking = ToyTokenizer.markingTheBeginning();
    Example example = one(marking, ChatRowTokenizerTest::turns, row("hi", "yes", "no"));

    assertThat(example.prompt().toArray()).isEqualTo(plain.ids("<user:hi|>\n<assistant:"));
  }

  @Test
  void where_the_generation_prompt_is_not_before_an_answer_what_is_before_every_answer_is() {
    ChatTemplate thinking =
        (messages, generation, settings) ->
            turns(messages, generation, settings) + (generation ? "<think>" : "");
    Example example = one(ending("|>"), thinking, row("hi", "yes", "no"));

    assertThat(example.prompt().toArray()).isEqualTo(plain.ids("<user:hi|>\n<assistant:"));
    assertThat(example.chosen().toArray()).isEqualTo(plain.ids("yes|>"));
  }

  @Test
  void a_template_that_rewrites_the_prompt_before_an_answer_drops_the_row() {
    ChatTemplate counting =
        (messages, generation, settings) -> messages.size() + turns(messages, generation, settings);

    assertThat(tokenize(plain, counting, row("hi", "yes", "no"))).isEmpty();
    assertThat(faults).extracting(RowFault::reason).containsExactly(DropReason.PROMPT_REWRITTEN);
  }

  @Test
  void what_a_template_refuses_is_reported_with_the_row() {
    ChatTemplate refusing =
        (messages, generation, settings) -> {
          throw new InvalidTemplateException("roles must alternate");
        };

    assertThat(tokenize(plain, refusing, row("hi", "yes", "no"))).isEmpty();
    assertThat(faults)
        .containsExactly(new RowFault(DropReason.TEMPLATE, "chat.jsonl:3", "roles must alternate"));
  }

  @Test
  void turns_that_the_policy_does_not_write_are_never_scored() {
    ChatRow row =
        new ChatRow(
            ImmutableList.of(Message.of("user", "hi")),
            ImmutableList.of(
                ImmutableList.of(Message.of("assistant", "call"), Message.of("tool", "result"))),
            ImmutableMap.of(),
            Judgement.NONE,
            "chat.jsonl:3");

    assertThat(tokenize(plain, ChatRowTokenizerTest::turns, row)).isEmpty();
    assertThat(faults).extracting(RowFault::reason).containsExactly(DropReason.FOREIGN_TURN);
  }

  @Test
  void the_settings_of_a_row_reach_the_template() {
    ChatTemplate quoting =
        (messages, generation, settings) ->
            settings.get("q") + turns(messages, generation, settings);
    ChatRow row = row("hi", "yes", "no");
    ChatRow quoted =
        new ChatRow(
            row.prompt(),
            row.completions(),
            ImmutableMap.of("q", "!"),
            row.judgement(),
            row.origin());

    assertThat(one(plain, quoting, quoted).prompt().get(0)).isEqualTo(plain.id('!'));
  }

  @Test
  void conversations_without_a_template_are_refused() {
    RowTokenizer tokenizer =
        new RowTokenizer(plain, Optional.empty(), LengthLimits.NONE, false, tally, faults::add);

    assertThatThrownBy(() -> tokenize(tokenizer, row("hi", "yes", "no")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("--chat-template");
  }

  @Test
  void rows_of_both_kinds_keep_their_order() {
    RowTokenizer tokenizer =
        new RowTokenizer(
            ToyTokenizer.markingTheBeginning(),
            Optional.of(ChatRowTokenizerTest::turns),
            LengthLimits.NONE,
            false,
            tally,
            faults::add);
    List<Example> examples =
        tokenize(
            tokenizer,
            TextRow.pair("a", "b", "c"),
            row("hi", "yes", "no"),
            TextRow.pair("d", "e", "f"));

    assertThat(examples)
        .extracting(it -> it.prompt().get(0))
        .containsExactly(ToyTokenizer.BEGIN, plain.id('<'), ToyTokenizer.BEGIN);
  }

  @Property
  void no_character_is_lost_or_doubled(
      @ForAll String prompt, @ForAll String chosen, @ForAll String rejected) {
    ToyTokenizer merging = ToyTokenizer.markingTheBeginning("a|", "ant:", "\n<", "|>");
    ChatRow row = row(prompt, chosen, rejected);
    Example example = one(merging, ChatRowTokenizerTest::turns, row);
    for (int k = 0; k < 2; k++) {
      List<Message> dialogue = new ArrayList<>(row.prompt());
      dialogue.addAll(row.completions().get(k));
      assertThat(Ints.concat(example.prompt().toArray(), example.completions().get(k).toArray()))
          .isEqualTo(
              merging.encodeWritten(List.of(turns(dialogue, false, Map.of()) + "<end>")).get(0));
    }
  }

  private static ChatRow row(String prompt, String chosen, String rejected) {
    return new ChatRow(
        ImmutableList.of(Message.of("user", prompt)),
        ImmutableList.of(
            ImmutableList.of(Message.of("assistant", chosen)),
            ImmutableList.of(Message.of("assistant", rejected))),
        ImmutableMap.of(),
        Judgement.NONE,
        "chat.jsonl:3");
  }

  private Example one(Tokenizer tokenizer, ChatTemplate template, ChatRow row) {
    List<Example> examples = tokenize(tokenizer, template, row);
    assertThat(faults).isEmpty();
    return examples.get(0);
  }

  private List<Example> tokenize(Tokenizer tokenizer, ChatTemplate template, ChatRow row) {
    return tokenize(
        new RowTokenizer(
            tokenizer, Optional.of(template), LengthLimits.NONE, false, tally, faults::add),
        row);
  }

  private static List<Example> tokenize(RowTokenizer tokenizer, Row... rows) {
    return Rows.read(tokenizer, rows);
  }

  /** A tokenizer of single characters with a special token besides the end of a sequence. */
  private static Tokenizer ending(String special) {
    return new ToyTokenizer() {
      @Override
      public ImmutableSet<String> specialTokens() {
        return ImmutableSet.of(special);
      }
    };
  }
}
