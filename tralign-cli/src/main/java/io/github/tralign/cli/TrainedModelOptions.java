package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.DjlPolicyBuilder;
import io.github.tralign.djl.Precision;
import io.github.tralign.djl.SaveDtype;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.text.Numbers;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model of a command that trains it, or an adapter of it. */
final class TrainedModelOptions extends ModelOptions {

  @Option(
      names = "--recompute",
      description = {
        "Keeps only the inputs of the layers and computes each layer again in the backward pass"
            + " (gradient checkpointing): less memory, about a quarter more work in the layers, and"
            + " the same results bit for bit."
      })
  private boolean recompute;

  @Mixin private AdapterOptions adapter = new AdapterOptions();
  private boolean averagesFactors;
  private boolean shardsMoments = true;

  TrainedModelOptions() {
    super(Precision.AUTO);
  }

  /**
   * Refuses what can be refused before the weights are read.
   *
   * @param seed of a fresh adapter
   * @param saved the type in which the weights are saved
   */
  void check(long seed, SaveDtype saved) {
    adapter.check(seed);
    if (adapter.isGiven() && saved != SaveDtype.FP32 && saved != SaveDtype.SOURCE) {
      throw new Refusal(
          RunOptions.SAVE_DTYPE,
          "cannot be used with an adapter, which is saved in fp32; it is an option of merge too");
    }
    check();
  }

  /** Makes the mixes of a rule those of an adapter's factors, if the rule says so. */
  void mixAs(ReferencePolicy rule) {
    averagesFactors = rule instanceof FactorAverage;
    if (averagesFactors && !adapter.isGiven()) {
      throw new Refusal(
          LossOptions.REFERENCE,
          rule + " requires an adapter, whose factors it averages; see --lora-rank and --adapter");
    }
  }

  /** Whether several processes divide the optimizer's moments. */
  void shardMoments(boolean divided) {
    shardsMoments = divided;
  }

  /** Whether an adapter is trained instead of the model's weights. */
  boolean trainsAdapter() {
    return adapter.isGiven();
  }

  @Override
  Optional<Path> adapter() {
    return adapter.folder();
  }

  @Override
  Map<String, String> settings() {
    return ImmutableMap.<String, String>builder()
        .putAll(super.settings())
        .putAll(adapter.settings())
        .buildOrThrow();
  }

  @Override
  DjlPolicyBuilder loading() {
    return adapter.applyTo(
        super.loading()
            .recompute(recompute)
            .averageFactors(averagesFactors)
            .shardMoments(shardsMoments));
  }

  /** How much of the model an adapter trains; empty without one. */
  List<String> adapterLines(DjlPolicy policy) {
    if (!trainsAdapter()) {
      return List.of();
    }
    long trained = policy.model().parameterSizes().values().stream().mapToLong(it -> it).sum();
    long copied =
        policy.model().parameterSizes().entrySet().stream()
            .filter(it -> !it.getKey().contains(".lora_"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    long all = policy.model().parameterCount() - copied;
    return List.of(
        String.format(
            Locale.ROOT,
            "%s in %s, beside %s of the model: %s %%",
            Numbers.count(trained, "trained number"),
            Numbers.count(policy.model().parameterSizes().size(), "tensor"),
            Numbers.count(all, "frozen number"),
            Numbers.significant(100.0 * trained / all, 3)));
  }
}
