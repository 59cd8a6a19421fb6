package io.github.tralign.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.DecodingSession.Extension;
import io.github.tralign.generate.DecodingSession.NextToken;
import io.github.tralign.generate.DecodingSession.Sequence;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The tests that a model's {@link DecodingSession} must pass.
 *
 * <p>What a session computes is compared with what the model scores, up to a tolerance; what must
 * not depend on other sequences, bit for bit.
 */
@NullUnmarked // model and session are set before each test
public abstract class DecodingSessionContract {

  private static final int CAPACITY = 64;

  private LanguageModel model;
  private DecodingSession session;

  /**
   * Makes a model, always with the same weights and a maximum length of at least 32. The tests
   * close it.
   */
  protected abstract LanguageModel newModel();

  /**
   * How much log-probabilities may differ from the model's scores, and from those of tokens that
   * are appended otherwise, as a {@link RelativeError}. Default 1e-6: logits are in single
   * precision.
   */
  protected double tolerance() {
    return 1e-6;
  }

  @BeforeEach
  void open_model_and_session() {
    model = newModel();
    session = model.decode(CAPACITY);
  }

  @AfterEach
  void close_both() {
    session.close();
    model.close();
  }

  @Test
  void sizes_are_those_of_the_model_and_of_the_cache() {
    assertThat(session.vocabularySize()).isEqualTo(model.vocabularySize());
    assertThat(session.maxLength()).isPositive().isLessThanOrEqualTo(model.maxLength());
    assertThat(session.capacity()).isGreaterThanOrEqualTo(CAPACITY);
    assertThat(session.free()).isEqualTo(session.capacity());
  }

  @Test
  void the_distribution_after_a_prompt_is_the_one_that_the_model_scores() {
    for (int length : new int[] {1, 2, 7}) {
      assertClose(logProbs(alone(tokens(length, 1))), scored(tokens(length, 1)));
    }
  }

  @Test
  void the_distribution_after_each_token_is_the_one_that_the_model_scores() {
    int[] tokens = tokens(9, 2);
    Sequence sequence = session.open(tokens.length);
    append(sequence, Arrays.copyOf(tokens, 3));
    for (int length = 4; length <= tokens.length; length++) {
      NextToken next = append(sequence, tokens[length - 1]);
      assertThat(sequence.length()).isEqualTo(length);
      assertClose(logProbs(next), scored(Arrays.copyOf(tokens, length)));
    }
  }

  @Test
  void log_sum_exp_is_the_one_of_the_logits() {
    NextToken next = alone(tokens(5, 3));
    double largest = max(next.logits());
    double sum = doubles(next.logits()).map(logit -> Math.exp(logit - largest)).sum();
    double expected = largest + Math.log(sum);
    assertClose(logProbs(next), doubles(next.logits()).map(logit -> logit - expected).toArray());
  }

  @Test
  void tokens_may_come_at_once_in_pieces_or_one_by_one() {
    int[] tokens = tokens(8, 4);
    double[] expected = logProbs(alone(tokens));
    for (int piece : new int[] {1, 3, 5}) {
      Sequence sequence = session.open(tokens.length);
      NextToken next = appendInPieces(sequence, tokens, piece);
      session.release(sequence);
      assertClose(logProbs(next), expected);
    }
  }

  @Test
  void a_shared_prompt_gives_what_a_prompt_of_its_own_gives() {
    int[] prompt = tokens(5, 5);
    Sequence parent = session.open(prompt.length);
    append(parent, prompt);
    for (int seed = 6; seed < 9; seed++) {
      int[] completion = tokens(4, seed);
      Sequence child = session.fork(parent, completion.length);
      assertThat(child.length()).isEqualTo(prompt.length);
      NextToken next = appendInPieces(child, completion, 1);
      assertClose(logProbs(next), scored(concat(prompt, completion)));
    }
  }

  @Test
  void a_sequence_has_the_same_bits_alone_and_in_any_company_and_order() {
    List<int[]> prompts = List.of(tokens(3, 10), tokens(1, 11), tokens(6, 12), tokens(3, 13));
    List<NextToken> alone = prompts.stream().map(this::alone).toList();
    for (List<Integer> order : List.of(List.of(0, 1, 2, 3), List.of(3, 1, 0), List.of(2, 3))) {
      List<Sequence> sequences =
          order.stream().map(i -> session.open(prompts.get(i).length)).toList();
      List<NextToken> together =
          session.append(
              IntStream.range(0, order.size())
                  .mapToObj(k -> extension(sequences.get(k), prompts.get(order.get(k))))
                  .toList());
      for (int k = 0; k < order.size(); k++) {
        assertSame(together.get(k), alone.get(order.get(k)));
      }
      sequences.forEach(session::release);
    }
  }

  /** As in continuous batching: samples grow beside a prompt and are joined by others. */
  @Test
  void a_growing_sequence_has_the_same_bits_whatever_joins_and_leaves() {
    int[] prompt = tokens(4, 14);
    int[] completion = tokens(5, 15);
    List<NextToken> alone = new ArrayList<>();
    Sequence single = session.open(prompt.length);
    append(single, prompt);
    Sequence quiet = session.fork(single, completion.length);
    for (int token : completion) {
      alone.add(append(quiet, token));
    }
    List<Sequence> others = new ArrayList<>();
    Sequence busy = session.fork(single, completion.length);
    for (int t = 0; t < completion.length; t++) {
      List<Extension> extensions = new ArrayList<>();
      others.forEach(other -> extensions.add(extension(other, 1)));
      extensions.add(extension(busy, completion[t]));
      Sequence joining = session.open(8);
      extensions.add(extension(joining, tokens(1 + t % 3, 16 + t)));
      List<NextToken> next = session.append(extensions);
      assertSame(next.get(extensions.size() - 2), alone.get(t));
      others.add(joining);
      if (t % 2 == 1) {
        session.release(others.remove(0));
      }
    }
  }

  @Test
  void returned_logits_may_be_changed() {
    int[] tokens = tokens(4, 22);
    float[] expected = alone(tokens).logits().clone();
    Arrays.fill(alone(tokens).logits(), Float.NaN);
    assertThat(alone(tokens).logits()).containsExactly(expected);
  }

  @Test
  void reserved_room_is_used_and_released_room_is_free_again() {
    long all = session.free();
    Sequence one = session.open(10);
    Sequence other = session.open(7);
    assertThat(session.free()).isEqualTo(all - 17);
    append(one, tokens(3, 23));
    assertThat(session.free()).isEqualTo(all - 17);
    session.release(one);
    session.release(one);
    assertThat(session.free()).isBetween(all - 17, all - 7);
    session.release(other);
    assertThat(session.free()).isEqualTo(all);
  }

  @Test
  void the_room_of_a_parent_is_in_use_until_its_last_child_is_released() {
    long all = session.free();
    Sequence parent = session.open(5);
    append(parent, tokens(5, 24));
    Sequence one = session.fork(parent, 3);
    Sequence other = session.fork(parent, 2);
    assertThat(session.free()).isEqualTo(all - 10);
    session.release(parent);
    assertThat(session.free()).isEqualTo(all - 10);
    session.release(one);
    assertThat(session.free()).isBetween(all - 10, all - 7);
    assertClose(
        logProbs(append(other, tokens(2, 25))), scored(concat(tokens(5, 24), tokens(2, 25))));
    session.release(other);
    assertThat(session.free()).isEqualTo(all);
  }

  @Test
  void room_that_others_have_used_leaves_no_trace() {
    int[] tokens = tokens(6, 26);
    NextToken fresh = alone(tokens);
    int whole = Math.toIntExact(Math.min(session.free(), session.maxLength()));
    Sequence full = session.open(whole);
    append(full, tokens(whole, 27));
    session.release(full);
    assertSame(alone(tokens), fresh);
    Sequence left = session.open(9);
    append(left, tokens(9, 28));
    assertSame(alone(tokens), fresh);
  }

  @Test
  void all_room_can_be_reserved_and_not_more() {
    int free = Math.toIntExact(session.free());
    Sequence half = session.open(free / 2);
    append(half, 0);
    Sequence rest = session.fork(half, free - free / 2);
    assertThat(session.free()).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> session.open(1));
    assertThatIllegalArgumentException().isThrownBy(() -> session.fork(half, 1));
    session.release(rest);
    assertThat(session.fork(half, 1).length()).isEqualTo(1);
  }

  @Test
  void what_is_rejected_changes_nothing() {
    int[] prompt = tokens(4, 29);
    Sequence parent = session.open(prompt.length);
    append(parent, prompt);
    Sequence sequence = session.fork(parent, 2);
    Sequence released = session.fork(parent, 2);
    session.release(released);
    long free = session.free();
    int vocabulary = session.vocabularySize();
    List<List<Extension>> rejected =
        List.of(
            List.of(extension(sequence, 0, 0, 0)),
            List.of(extension(sequence, 0), extension(sequence, 0)),
            List.of(extension(sequence, 0), extension(parent, 0)),
            List.of(extension(sequence, 0), extension(released, 0)),
            List.of(extension(sequence, 0, vocabulary)),
            List.of(extension(sequence, -1)));
    for (List<Extension> extensions : rejected) {
      assertThatIllegalArgumentException().isThrownBy(() -> session.append(extensions));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> session.fork(released, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> session.fork(sequence, 1));
    assertThat(session.free()).isEqualTo(free);
    assertThat(sequence.length()).isEqualTo(prompt.length);
    int[] completion = tokens(2, 30);
    assertClose(logProbs(append(sequence, completion)), scored(concat(prompt, completion)));
  }

  @Test
  void two_sessions_of_a_model_do_not_meet() {
    int[] tokens = tokens(5, 31);
    NextToken expected = alone(tokens);
    try (DecodingSession other = model.decode(CAPACITY)) {
      Sequence here = session.open(5);
      Sequence there = other.open(8);
      append(here, Arrays.copyOf(tokens, 2));
      other.append(List.of(extension(there, tokens(8, 32))));
      assertThat(session.free()).isEqualTo(session.capacity() - 5);
      assertClose(logProbs(append(here, Arrays.copyOfRange(tokens, 2, 5))), logProbs(expected));
    }
  }

  /** Concerns sessions of a {@link Policy}. */
  @Test
  void a_session_never_mixes_weights_from_before_and_after_a_step() {
    if (!(model instanceof Policy policy)) {
      return;
    }
    int[] tokens = tokens(4, 33);
    NextToken expected = alone(tokens);
    Sequence sequence = session.open(tokens.length);
    append(sequence, Arrays.copyOf(tokens, 3));
    policy.step(new OptimizerStep(0.5, 1, AdamW.ofDefaults().weightDecay(1))); // halves all
    NextToken next;
    try {
      next = append(sequence, tokens[3]);
    } catch (IllegalStateException e) { // the session does not keep weights
      assertThat(e).hasMessageContaining("weights");
      return;
    }
    assertClose(logProbs(next), logProbs(expected));
  }

  /** The log-probabilities of all tokens after a sequence, as the model scores them. */
  private double[] scored(int... tokens) {
    ImmutableList<ImmutableIntArray> each =
        IntStream.range(0, model.vocabularySize())
            .mapToObj(ImmutableIntArray::of)
            .collect(ImmutableList.toImmutableList());
    Example next = new Example(ImmutableIntArray.copyOf(tokens), each, "all tokens");
    return model.score(PreferenceBatch.of(next)).values();
  }

  private static double[] logProbs(NextToken next) {
    return doubles(next.logits()).map(logit -> logit - next.logSumExp()).toArray();
  }

  /** The next token of a sequence that is computed at once and released. */
  private NextToken alone(int... tokens) {
    Sequence sequence = session.open(tokens.length);
    NextToken next = append(sequence, tokens);
    session.release(sequence);
    return next;
  }

  private NextToken append(Sequence sequence, int... tokens) {
    List<NextToken> next = session.append(List.of(extension(sequence, tokens)));
    assertThat(next).hasSize(1);
    assertThat(next.get(0).logits()).hasSize(session.vocabularySize());
    return next.get(0);
  }

  private NextToken appendInPieces(Sequence sequence, int[] tokens, int piece) {
    NextToken next = null;
    for (int from = 0; from < tokens.length; from += piece) {
      next =
          append(sequence, Arrays.copyOfRange(tokens, from, Math.min(from + piece, tokens.length)));
    }
    return next;
  }

  private static Extension extension(Sequence sequence, int... tokens) {
    return new Extension(sequence, ImmutableIntArray.copyOf(tokens));
  }

  private int[] tokens(int length, long seed) {
    return new Random(seed).ints(length, 0, model.vocabularySize()).toArray();
  }

  private static int[] concat(int[] first, int[] second) {
    return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
  }

  private static DoubleStream doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
  }

  private static double max(float[] values) {
    return doubles(values).max().orElseThrow();
  }

  private void assertClose(double[] actual, double[] expected) {
    assertThat(RelativeError.of(actual, expected)).isLessThanOrEqualTo(tolerance());
  }

  private static void assertSame(NextToken actual, NextToken expected) {
    assertThat(actual.logits()).containsExactly(expected.logits());
    assertThat(actual.logSumExp()).isEqualTo(expected.logSumExp());
  }
}
