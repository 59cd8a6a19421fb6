package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.DecodingSession.Extension;
import io.github.tralign.generate.DecodingSession.NextToken;
import io.github.tralign.generate.DecodingSession.Sequence;
import io.github.tralign.policy.TokenLogProbs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each model family with a cache, against the same model without one. */
@Tag("numeric")
class CachedDecodingTest {

  private static final double PERCENT = 1e-4; // a relative error of 1e-6
  private static final List<Example> ROWS = Golden.rows().subList(0, 5);

  static Stream<String> families() {
    return Stream.concat(Golden.CHECKPOINTS.stream(), Golden.families());
  }

  /** The completions of a row share its prompt, and all rows grow together. */
  @ParameterizedTest
  @MethodSource("families")
  void tokens_one_by_one_have_the_log_probabilities_of_whole_completions(String family) {
    try (DjlModel model = Golden.policy(family).loadModel();
        DecodingSession session = model.decode(4096)) {
      int border = model.decoder().architecture().spec().rotaryBorder();
      boolean byLength = model.decoder().architecture().spec().rotatesByLength();
      TokenLogProbs expected = model.score(new PreferenceBatch(ImmutableList.copyOf(ROWS)));
      List<Sequence> prompts = ROWS.stream().map(it -> session.open(it.prompt().length())).toList();
      List<NextToken> first =
          session.append(
              indices(ROWS.size())
                  .map(i -> new Extension(prompts.get(i), ROWS.get(i).prompt()))
                  .toList());
      List<Grown> grown = new ArrayList<>();
      for (int row = 0; row < ROWS.size(); row++) {
        for (int i = 0; i < 2; i++) {
          ImmutableIntArray tokens = ROWS.get(row).completions().get(i);
          Sequence sequence = session.fork(prompts.get(row), tokens.length());
          Grown next = new Grown(row, i, tokens, sequence, border);
          next.add(first.get(row));
          grown.add(next);
        }
      }
      while (grown.stream().anyMatch(Grown::isRunning)) {
        List<Grown> running = grown.stream().filter(Grown::isRunning).toList();
        List<NextToken> next = session.append(running.stream().map(Grown::extension).toList());
        for (int i = 0; i < running.size(); i++) {
          running.get(i).add(next.get(i));
        }
      }
      for (Grown one : grown) {
        assertThat(one.logProb)
            .as("row %d, completion %d", one.row, one.completion)
            .isCloseTo(
                byLength ? prefixes(model, one) : expected.sum(one.row, one.completion),
                withinPercentage(PERCENT));
      }
    }
  }

  /**
   * The same where a sequence is rotated otherwise as soon as it is long: each token after what
   * comes before it. A scored sequence has its last token, which may be the one that makes it long.
   */
  private static double prefixes(DjlModel model, Grown one) {
    int[] prompt = ROWS.get(one.row).prompt().toArray();
    double sum = one.atBorder;
    for (int i = 0; i < one.tokens.length(); i++) {
      ImmutableIntArray before =
          ImmutableIntArray.copyOf(Ints.concat(prompt, one.tokens.subArray(0, i).toArray()));
      if (before.length() != one.border) {
        Example next =
            new Example(before, ImmutableList.of(one.tokens.subArray(i, i + 1)), "a token");
        sum += model.score(PreferenceBatch.of(next)).sum(0, 0);
      }
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("families")
  void the_logits_of_a_sequence_do_not_depend_on_those_beside_it(String family) {
    try (DjlModel model = Golden.policy(family).loadModel();
        DecodingSession session = model.decode(4096)) {
      List<float[]> alone =
          ROWS.stream().map(it -> last(session, List.of(it.prompt())).get(0)).toList();
      List<float[]> together = last(session, ROWS.stream().map(Example::prompt).toList());
      for (int i = 0; i < ROWS.size(); i++) {
        assertThat(together.get(i)).isEqualTo(alone.get(i));
      }
    }
  }

  /** Samples that started together are computed together as long as they are equally long. */
  @ParameterizedTest
  @MethodSource("families")
  void samples_of_a_prompt_have_the_same_bits_together_and_alone(String family) {
    try (DjlModel model = Golden.policy(family).loadModel();
        DecodingSession session = model.decode(4096)) {
      Example row = ROWS.get(0);
      Sequence prompt = session.open(row.prompt().length());
      session.append(List.of(new Extension(prompt, row.prompt())));
      ImmutableIntArray tokens = row.completions().get(0).subArray(0, 6);
      List<Sequence> samples = indices(4).map(i -> session.fork(prompt, 8)).toList();
      Sequence single = session.fork(prompt, 8);
      for (int i = 0; i < tokens.length(); i++) {
        ImmutableIntArray token = tokens.subArray(i, i + 1);
        int running = i < 3 ? 4 : 3; // one ends earlier
        List<NextToken> together =
            session.append(
                samples.subList(0, running).stream().map(it -> new Extension(it, token)).toList());
        float[] alone = session.append(List.of(new Extension(single, token))).get(0).logits();
        assertThat(together).allSatisfy(it -> assertThat(it.logits()).isEqualTo(alone));
      }
    }
  }

  /** The logits after each sequence, all but the last three tokens of which are there before. */
  private static List<float[]> last(DecodingSession session, List<ImmutableIntArray> all) {
    List<Sequence> sequences = all.stream().map(it -> session.open(it.length())).toList();
    List<NextToken> next = List.of();
    for (int left = 3; left >= 0; left--) {
      int end = left;
      next =
          session.append(
              indices(all.size())
                  .map(
                      i -> {
                        ImmutableIntArray tokens = all.get(i);
                        int length = tokens.length();
                        int from = end == 3 ? 0 : length - end - 1;
                        return new Extension(sequences.get(i), tokens.subArray(from, length - end));
                      })
                  .toList());
    }
    sequences.forEach(session::release);
    return next.stream().map(NextToken::logits).toList();
  }

  private static Stream<Integer> indices(int size) {
    return Stream.iterate(0, i -> i < size, i -> i + 1);
  }

  private static final class Grown {
    private final int row;
    private final int completion;
    private final ImmutableIntArray tokens;
    private final Sequence sequence;
    private final int border;
    private int scored;
    private double logProb;
    private double atBorder;

    Grown(int row, int completion, ImmutableIntArray tokens, Sequence sequence, int border) {
      this.border = border;
      this.row = row;
      this.completion = completion;
      this.tokens = tokens;
      this.sequence = sequence;
    }

    boolean isRunning() {
      return scored < tokens.length();
    }

    Extension extension() {
      return new Extension(sequence, tokens.subArray(scored - 1, scored));
    }

    void add(NextToken next) {
      double added = next.logits()[tokens.get(scored)] - next.logSumExp();
      logProb += added;
      if (ROWS.get(row).prompt().length() + scored == border) {
        atBorder = added;
      }
      scored++;
    }
  }
}
