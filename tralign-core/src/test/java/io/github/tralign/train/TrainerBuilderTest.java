package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.ParameterGroup;
import io.github.tralign.optimizer.ParameterGroups;
import io.github.tralign.policy.Policy;
import io.github.tralign.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TrainerBuilderTest {

  @Test
  void settings_come_in_any_order() {
    Policy forward = Toy.policy();
    Policy backward = Toy.policy();
    TrainingResult one = shuffledSettings(forward, false).build().train();
    TrainingResult other = shuffledSettings(backward, true).build().train();
    assertThat(Toy.metrics(other)).isEqualTo(Toy.metrics(one));
    assertThat(Toy.weights(backward)).containsExactly(Toy.weights(forward));
  }

  private static TrainerBuilder shuffledSettings(Policy policy, boolean reversed) {
    List<Consumer<TrainerBuilder>> settings = new ArrayList<>();
    settings.add(it -> it.policy(policy));
    settings.add(it -> it.data(PreferenceData.of(Toy.pairs(7))));
    settings.add(it -> it.loss(TR.ipo(0.5)));
    settings.add(it -> it.reference(TR.soft(0.5)));
    settings.add(it -> it.learningRate(0.01));
    settings.add(it -> it.optimizer(AdamW.ofDefaults().weightDecay(0.1)));
    settings.add(
        it -> it.groups(ParameterGroups.of(ParameterGroup.of("logits").learningRateFactor(0.5))));
    settings.add(it -> it.maxGradNorm(2));
    settings.add(it -> it.schedule(Schedule.linear()).warmupSteps(2));
    settings.add(it -> it.epochs(2));
    settings.add(it -> it.batchSize(2).microBatchTokens(20));
    settings.add(it -> it.seed(3).shuffle(true));
    settings.add(it -> it.probe(Toy.pairs(2)).probeEvery(3));
    if (reversed) {
      Collections.reverse(settings);
    }
    TrainerBuilder builder = Trainer.builder();
    settings.forEach(setting -> setting.accept(builder));
    return builder;
  }

  @Test
  void what_is_missing_is_reported() {
    List<Example> pairs = Toy.pairs(1);
    assertThatIllegalStateException()
        .isThrownBy(() -> Trainer.builder().data(pairs).loss(TR.dpo(1)).build())
        .withMessage("the trainer needs policy(...)");
    assertThatIllegalStateException()
        .isThrownBy(() -> Trainer.builder().policy(Toy.policy()).data(pairs).build())
        .withMessage("the trainer needs loss(...)");
    assertThatIllegalStateException()
        .isThrownBy(() -> Trainer.builder().policy(Toy.policy()).loss(TR.dpo(1)).build())
        .withMessage("the trainer needs data(...)");
    assertThatIllegalStateException()
        .isThrownBy(() -> Toy.trainer(Toy.policy(), 1).data(List.of()).build())
        .withMessage("the trainer needs data(...)");
  }

  @Test
  void values_outside_their_range_are_refused_at_once() {
    TrainerBuilder builder = Trainer.builder();
    invalid(
        "learningRate", () -> builder.learningRate(-1), "the learning rate must be >= 0, not -1.0");
    invalid(
        "learningRate",
        () -> builder.learningRate(Double.NaN),
        "the learning rate must be >= 0, not NaN");
    invalid(
        "learningRate",
        () -> builder.learningRate(Double.POSITIVE_INFINITY),
        "the learning rate must be >= 0, not Infinity");
    invalid(
        "maxGradNorm",
        () -> builder.maxGradNorm(0),
        "the maximal gradient norm must be > 0, not 0.0");
    invalid(
        "maxGradNorm",
        () -> builder.maxGradNorm(Double.NaN),
        "the maximal gradient norm must be > 0, not NaN");
    invalid(
        "warmupRatio",
        () -> builder.warmupRatio(2),
        "the share of warm-up steps must be in [0, 1], not 2.0");
    invalid(
        "warmupSteps",
        () -> builder.warmupSteps(-1),
        "the number of warm-up steps must be >= 0, not -1");
    String epochs = "the number of epochs must be > 0 and at most 1,000,000, not ";
    invalid("epochs", () -> builder.epochs(0), epochs + "0.0");
    invalid("epochs", () -> builder.epochs(1e300), epochs + "1.0E300");
    assertThat(builder.epochs(1e6)).isSameAs(builder);
    invalid("maxSteps", () -> builder.maxSteps(0), "the number of steps must be >= 1, not 0");
    invalid("batchSize", () -> builder.batchSize(0), "the batch size must be >= 1, not 0");
    invalid(
        "microBatchTokens",
        () -> builder.microBatchTokens(0),
        "the number of tokens of a micro-batch must be >= 1, not 0");
    invalid(
        "probeEvery",
        () -> builder.probeEvery(-1),
        "the number of steps between probes must be >= 0, not -1");
    invalid(
        "probe",
        () -> builder.probe(List.of()),
        "the number of examples of the probe must be >= 1, not 0");
    invalid(
        "shuffleWindow",
        () -> builder.shuffleWindow(-1),
        "the window to shuffle in must be >= 0, not -1");
    invalid(
        "evaluationEvery",
        () -> builder.evaluationEvery(-1),
        "the number of steps between evaluations must be >= 0, not -1");
    invalid(
        "earlyStop",
        () -> builder.earlyStop(-1),
        "the number of evaluations without a better one must be >= 0, not -1");
    invalid(
        "checkpointEvery",
        () -> builder.checkpointEvery(-1),
        "the number of steps between checkpoints must be >= 0, not -1");
    invalid(
        "keepLast",
        () -> builder.keepLast(0),
        "the number of checkpoints to keep must be >= 1, not 0");
    invalid(
        "weightDecay",
        () -> builder.optimizer(AdamW.ofDefaults().weightDecay(-1)),
        "weight decay must lie in [0, ∞), not be -1.0");
  }

  @Test
  void settings_that_do_not_go_together_are_refused_by_name() {
    PreferenceStream stream = PreferenceStream.of(Toy.pairs(3));
    invalid(
        "epochs",
        () -> Toy.trainer(Toy.policy(), 1).data(stream).maxSteps(1).epochs(2).build(),
        "epochs(...) cannot go with a stream, whose length is not known: leave it out,"
            + " maxSteps(...) says how long the run is");
    invalid(
        "shuffleWindow",
        () -> Toy.trainer(Toy.policy(), 1).shuffleWindow(5).build(),
        "shuffleWindow(...) is for a stream of rows; rows in memory are shuffled as a whole:"
            + " leave it out");
    invalid(
        "bestMetric",
        () ->
            Toy.trainer(Toy.policy(), 1)
                .evaluation(Toy.pairs(1))
                .bestMetric(EvaluationMetric.DEMONSTRATION_LOGP)
                .build(),
        "the evaluation data has no completions of the kind that eval_logps/completion is measured"
            + " on: choose the best by another metric");
  }

  @Test
  void a_moving_reference_with_a_loss_that_uses_none_is_refused() {
    TrainerBuilder builder =
        Toy.trainer(Toy.policy(), 1)
            .loss(TR.sft())
            .data(List.of(Example.demonstration(new int[1], new int[1])))
            .reference(TR.soft(0.6));
    invalid(
        "reference",
        builder::build,
        "the loss sft uses no reference, so the reference soft:0.6 would do nothing:"
            + " leave one of them out");
    builder.reference(TR.fixed()).build();
  }

  @Test
  void groups_that_do_not_fit_the_policy_are_refused() {
    TrainerBuilder builder = Toy.trainer(Toy.policy(), 1);
    refused(
        () -> builder.groups(ParameterGroups.of(ParameterGroup.of("logit"))).build(),
        "no parameter matches 'logit'; the most similar: logits");
    refused(
        () -> builder.groups(ParameterGroups.of(ParameterGroup.frozen("l*"))).build(),
        "all parameters are frozen; there is nothing to train");
  }

  @Test
  void a_token_that_the_model_does_not_know_is_refused() {
    Example prompt = Example.pair(new int[] {1, 6}, new int[1], new int[1]);
    Example completion = Example.pair(new int[1], new int[1], new int[] {0, 99});
    refused(
        () -> Toy.trainer(Toy.policy(), 1).data(List.of(prompt)).build(),
        "in memory holds the token id 6, but the model knows only ids below 6: the tokenizer is"
            + " not the model's");
    refused(
        () -> Toy.trainer(Toy.policy(), 1).data(List.of(completion)).build(),
        "in memory holds the token id 99, but the model knows only ids below 6: the tokenizer is"
            + " not the model's");
    refused(
        () -> Toy.trainer(Toy.policy(), 1).probe(List.of(completion)).build(),
        "in memory holds the token id 99, but the model knows only ids below 6: the tokenizer is"
            + " not the model's");
  }

  @Test
  void an_example_that_is_too_long_for_the_model_is_refused() {
    Policy shortSighted = new LimitedPolicy(Toy.policy(), 5);
    Toy.trainer(shortSighted, 1)
        .data(List.of(Example.pair(new int[2], new int[3], new int[3])))
        .build();
    refused(
        () ->
            Toy.trainer(shortSighted, 1)
                .data(List.of(Example.pair(new int[2], new int[1], new int[4])))
                .build(),
        "in memory has 6 tokens, but the model takes at most 5; cut the data by a maxLength of no more");
  }

  @Test
  void the_wrong_number_of_completions_is_refused() {
    ImmutableIntArray token = ImmutableIntArray.of(1);
    Example three = new Example(token, ImmutableList.of(token, token, token), "d.jsonl:3");
    refused(
        () -> Toy.trainer(Toy.policy(), 1).data(List.of(three)).build(),
        "the loss dpo needs preference pairs, but d.jsonl:3 is a prompt with 3 completions");
    refused(
        () -> Toy.trainer(Toy.policy(), 1).probe(List.of(three)).build(),
        "the loss dpo needs preference pairs, but d.jsonl:3 is a prompt with 3 completions");
  }

  @Test
  void later_calls_do_not_change_a_trainer() {
    Policy policy = new TabularPolicy(new double[6][6]);
    TrainerBuilder builder = Toy.trainer(policy, 4).batchSize(2);
    Trainer trainer = builder.build();
    List<String> heard = new ArrayList<>();
    builder
        .batchSize(1)
        .epochs(9)
        .listener(
            new TrainingListener() {
              @Override
              public void onStart(TrainingPlan plan) {
                heard.add("later");
              }
            });
    assertThat(trainer.train().metrics()).hasSize(2);
    assertThat(heard).isEmpty();
  }

  private static void invalid(String name, Runnable setting, String message) {
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(setting::run)
        .withMessage(message)
        .extracting(InvalidSettingException::setting)
        .isEqualTo(name);
  }

  private static void refused(Runnable setting, String message) {
    assertThatIllegalArgumentException().isThrownBy(setting::run).withMessage(message);
  }
}
