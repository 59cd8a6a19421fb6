package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.reference.ReferencePolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  private static final List<Example> HELD_OUT = Toy.pairs(13).subList(8, 13);

  private static TokenLogProbs score(Policy policy, List<Example> examples) {
    return policy.score(PreferenceBatch.of(examples.toArray(new Example[0])));
  }

  @Test
  void it_is_held_against_the_initial_policy_whatever_the_reference() {
    TokenLogProbs start = score(Toy.policy(), HELD_OUT);
    for (ReferencePolicy rule : List.of(TR.fixed(), TR.soft(0.6), TR.hard(2))) {
      Policy policy = Toy.policy();
      StepMetrics last =
          Toy.trainer(policy, 8)
              .reference(rule)
              .maxSteps(7)
              .microBatchTokens(9)
              .evaluation(HELD_OUT)
              .build()
              .train()
              .last();
      TokenLogProbs end = score(policy, HELD_OUT);
      double loss = 0;
      double margin = 0;
      double correct = 0;
      double logps = 0;
      double ratio = 0;
      for (int i = 0; i < HELD_OUT.size(); i++) {
        double chosen = end.sum(i, 0) - start.sum(i, 0);
        double rejected = end.sum(i, 1) - start.sum(i, 1);
        loss += Math.log1p(Math.exp(-0.3 * (chosen - rejected))) / 5;
        margin += 0.3 * (chosen - rejected) / 5;
        correct += chosen > rejected ? 0.2 : 0;
        logps += end.sum(i, 0) / 5;
        ratio += (chosen + rejected) / end.values().length;
      }
      assertThat(last.get("eval_loss")).isCloseTo(loss, within(1e-12));
      assertThat(last.get("eval_rewards/margins")).isCloseTo(margin, within(1e-12));
      assertThat(last.get("eval_rewards/accuracies")).isCloseTo(correct, within(1e-12));
      assertThat(last.get("eval_logps/chosen")).isCloseTo(logps, within(1e-12));
      assertThat(last.get("eval_logratios/initial")).isCloseTo(ratio, within(1e-12));
    }
  }

  /** With what is trained on as one batch, it is the loss that the next step has. */
  @Test
  void it_is_the_loss_of_the_training_for_every_kind_of_loss() {
    PreferenceData pairs = PreferenceData.of(Toy.pairs(6));
    for (AlignmentLoss loss :
        List.of(
            TR.dpo(0.3),
            TR.kto(0.3),
            TR.aot(0.3),
            TR.tdpo2(0.3),
            TR.dpo(0.3).wpo(),
            TR.simpo(2, 1),
            TR.dpo(0.3).lengthDesensitized(0.5))) {
      PreferenceData data = loss.usesMismatched() ? pairs.unpaired() : pairs;
      List<StepMetrics> steps =
          Trainer.builder()
              .policy(Toy.policy())
              .data(data)
              .loss(loss)
              .batchSize(data.size())
              .shuffle(false)
              .maxSteps(4)
              .learningRate(0.05)
              .evaluation(data.examples())
              .evaluationEvery(1)
              .build()
              .train()
              .metrics();
      for (int step = 1; step < 4; step++) {
        for (String name : List.of("loss", "rewards/margins", "logps/chosen")) {
          assertThat(steps.get(step - 1).get("eval_" + name))
              .as("%s of %s", name, loss)
              .isCloseTo(steps.get(step).get(name), within(1e-12));
        }
      }
    }
  }

  @Test
  void it_comes_every_so_many_steps_and_after_the_last() {
    List<Long> told = new ArrayList<>();
    List<StepMetrics> steps =
        Toy.trainer(Toy.policy(), 8)
            .maxSteps(8)
            .evaluation(HELD_OUT)
            .evaluationEvery(3)
            .listener(
                new TrainingListener() {
                  @Override
                  public void onEvaluation(StepMetrics metrics) {
                    told.add(metrics.step());
                    assertThat(metrics.values().keySet()).allMatch(it -> it.startsWith("eval_"));
                  }
                })
            .build()
            .train()
            .metrics();
    assertThat(told).containsExactly(3L, 6L, 8L);
    assertThat(steps)
        .allSatisfy(it -> assertThat(it.has("eval_loss")).isEqualTo(told.contains(it.step())));
  }

  @Test
  void it_leaves_the_training_as_it_is() {
    for (AlignmentLoss loss : List.of(TR.dpo(0.3), TR.betaDpo(0.3), TR.bcoPairShift(0.3))) {
      Policy with = Toy.policy();
      Policy without = Toy.policy();
      Toy.trainer(without, 8).loss(loss).build().train();
      Toy.trainer(with, 8).loss(loss).evaluation(HELD_OUT).evaluationEvery(1).build().train();
      assertThat(Toy.weights(with)).containsExactly(Toy.weights(without));
    }
  }

  @Test
  void what_does_not_fit_is_refused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Toy.trainer(Toy.policy(), 3).evaluationEvery(2).build())
        .withMessageContaining("evaluation(...)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trainer.builder().evaluationEvery(-1))
        .withMessageContaining("-1");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Toy.trainer(Toy.policy(), 3)
                    .loss(TR.tdpo1(0.1))
                    .reference(TR.soft(0.6))
                    .evaluation(HELD_OUT)
                    .build())
        .withMessageContainingAll("tdpo1", "soft:0.6", "evaluation data");
  }
}
