package io.github.tralign.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SampledKlTest {

  @Test
  void with_one_completion_a_prompt_the_error_is_that_of_a_mean() {
    double[] differences = {0.3, -0.1, 0.7, 0.2, 0.45};
    double mean = DoubleStream.of(differences).sum() / 5;
    double variance = DoubleStream.of(differences).map(d -> (d - mean) * (d - mean)).sum() / 4;
    SampledKl kl =
        SampledKl.of(
            DoubleStream.of(differences).mapToObj(d -> new double[] {d - 7}).toList(),
            DoubleStream.of(differences).mapToObj(d -> new double[] {-7}).toList());
    assertThat(kl.mean()).isCloseTo(mean, within(1e-12));
    assertThat(kl.standardError()).isCloseTo(Math.sqrt(variance / 5), within(1e-12));
    assertThat(kl.prompts()).isEqualTo(5);
    assertThat(kl.completions()).isEqualTo(5);
  }

  @Test
  void equal_completions_of_a_prompt_count_as_one() {
    double[] differences = {0.3, -0.1, 0.7};
    SampledKl single = estimate(differences, 1);
    SampledKl repeated = estimate(differences, 4);
    assertThat(repeated.mean()).isCloseTo(single.mean(), within(1e-12));
    assertThat(repeated.standardError()).isCloseTo(single.standardError(), within(1e-12));
    assertThat(repeated.completions()).isEqualTo(12);
  }

  private static SampledKl estimate(double[] differences, int copies) {
    List<double[]> policy = new ArrayList<>();
    List<double[]> initial = new ArrayList<>();
    for (double difference : differences) {
      policy.add(DoubleStream.generate(() -> difference).limit(copies).toArray());
      initial.add(new double[copies]);
    }
    return SampledKl.of(policy, initial);
  }

  @Test
  void one_prompt_has_no_error() {
    SampledKl kl = SampledKl.of(List.of(new double[] {-1, -2}), List.of(new double[] {-2, -4}));
    assertThat(kl.mean()).isEqualTo(1.5);
    assertThat(kl.standardError()).isNaN();
  }

  /** Of the bigrams after a prompt's last token: a sum over two tokens. */
  @Test
  void the_estimate_of_samples_agrees_with_the_exact_divergence() {
    LanguageModel model = TabularPolicy.random(4, 1);
    LanguageModel other = TabularPolicy.random(4, 2);
    List<GenerationRequest> requests = new ArrayList<>();
    for (int row = 0; row < 400; row++) {
      Sampling two = Sampling.ofModel().maxNewTokens(2);
      requests.add(GenerationRequest.of(new int[] {row % 4}, two).samples(5).row(row).seed(1));
    }
    List<List<Completion>> completions = model.generate(requests);
    List<double[]> ofModel = new ArrayList<>();
    List<double[]> ofOther = new ArrayList<>();
    for (int row = 0; row < requests.size(); row++) {
      ImmutableIntArray prompt = requests.get(row).prompt();
      ofModel.add(completions.get(row).stream().mapToDouble(Completion::logProb).toArray());
      double[] scores = new double[5];
      for (int i = 0; i < 5; i++) {
        scores[i] = logProb(other, prompt.get(0), completions.get(row).get(i).tokens());
      }
      ofOther.add(scores);
    }
    SampledKl kl = SampledKl.of(ofModel, ofOther);
    double exact = 0;
    for (int prompt = 0; prompt < 4; prompt++) {
      for (int first = 0; first < 4; first++) {
        for (int second = 0; second < 4; second++) {
          ImmutableIntArray both = ImmutableIntArray.of(first, second);
          double p = logProb(model, prompt, both);
          exact += Math.exp(p) * (p - logProb(other, prompt, both)) / 4;
        }
      }
    }
    assertThat(kl.standardError()).isBetween(exact / 100, exact / 10);
    assertThat(kl.mean()).isCloseTo(exact, within(3 * kl.standardError()));
  }

  private static double logProb(LanguageModel model, int prompt, ImmutableIntArray completion) {
    TokenLogProbs scores =
        model.score(
            PreferenceBatch.of(
                new Example(ImmutableIntArray.of(prompt), ImmutableList.of(completion), "sample")));
    return scores.sum(0, 0);
  }

  @Test
  void numbers_that_do_not_match_are_rejected() {
    List<double[]> one = List.of(new double[] {-1});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SampledKl.of(one, List.of()))
        .withMessageContaining("1 prompts");
    assertThatIllegalArgumentException().isThrownBy(() -> SampledKl.of(List.of(), List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SampledKl.of(one, List.of(new double[2])))
        .withMessageContaining("completions of prompt 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SampledKl.of(List.of(new double[0]), List.of(new double[0])));
  }
}
