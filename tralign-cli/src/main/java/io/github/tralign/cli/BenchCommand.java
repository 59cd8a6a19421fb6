package io.github.tralign.cli;

import ai.djl.util.cuda.CudaUtils;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.bench.BenchResult;
import io.github.tralign.bench.MatrixPeak;
import io.github.tralign.bench.RequiredWork;
import io.github.tralign.bench.StepClock;
import io.github.tralign.bench.TokenCounts;
import io.github.tralign.data.Batch;
import io.github.tralign.data.Batches;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceReader;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.SaveDtype;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.report.Machine;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainerBuilder;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tralign bench}: whole training steps, measured. */
@Command(
    name = "bench",
    description = "Measures the speed of whole training steps on given data. Saves nothing.",
    customSynopsis = "${ROOT-COMMAND-NAME} bench --policy DIR --data FILE [OPTION...]",
    sortOptions = false,
    footer = {
      "",
      "Rows are used in the order of the file. The matrix peak is the speed of the fastest fp32 matrix"
          + " product of PyTorch on this machine, measured before the steps. Do not compare figures of"
          + " two machines, or of one machine on two days: compare ratios within a session.",
      "",
      "Example: ${ROOT-COMMAND-NAME} bench --policy pythia-70m --data pairs.jsonl --reference soft:0.6"
    })
final class BenchCommand implements Callable<Integer> {

  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin(name = "Model")
  private TrainedModelOptions model = new TrainedModelOptions();

  @Mixin(name = "Data")
  private DataOptions data = new DataOptions();

  @Mixin(name = "Method")
  private LossOptions method = new LossOptions();

  @Mixin(name = "Settings of the loss")
  private LossSettingOptions settings = new LossSettingOptions();

  @Mixin(name = "Modifiers of the loss")
  private ModifierOptions modifiers = new ModifierOptions();

  @Mixin(name = "Parameters")
  private ParameterOptions parameters = new ParameterOptions();

  @Mixin(name = "Measurement")
  private Measurement measurement = new Measurement();

  @Mixin(name = "General")
  private CommonOptions common = new CommonOptions();

  BenchCommand(Console console) {
    this.console = console;
  }

  /** What is measured. */
  static final class Measurement {
    @Option(
        names = "--max-steps",
        paramLabel = "N",
        description = "Number of steps. Default: ${DEFAULT-VALUE}.")
    private long maxSteps = 10;

    @Option(
        names = "--skip-steps",
        paramLabel = "N",
        description = "Steps at the start that are not measured. Default: ${DEFAULT-VALUE}.")
    private int skipSteps = 3;

    @Option(
        names = "--batch-size",
        paramLabel = "N",
        description = "Rows per step. Default: ${DEFAULT-VALUE}.")
    private int batchSize = 8;

    @Option(names = "--json", description = "Prints one JSON object, for programs.")
    private boolean json;
  }

  @Override
  public Integer call() {
    Refusal.requireAll(
        ImmutableMap.of("--policy DIR", model.isGiven(), "--data FILE", data.isGiven()));
    TrainerBuilder trainer = Trainer.builder().shuffle(false).probeEvery(0);
    common.check();
    parameters.applyTo(trainer);
    trainer
        .microBatchTokens(common.microBatchTokens())
        .maxSteps(measurement.maxSteps)
        .batchSize(measurement.batchSize);
    if (measurement.skipSteps < 0 || measurement.skipSteps >= measurement.maxSteps) {
      throw new Refusal(
          "--skip-steps",
          "must be at least 0 and less than --max-steps, "
              + measurement.maxSteps
              + ", not "
              + measurement.skipSteps);
    }
    AlignmentLoss loss = method.resolve(spec, modifiers, 42);
    trainer.loss(loss).reference(method.reference());
    model.check(42, SaveDtype.SOURCE);
    model.mixAs(method.reference());
    data.files();
    try (Progress progress = Progress.on(console.err(), common.quiet());
        CheckpointTokenizer tokenizer = model.loadTokenizer()) {
      PreferenceReader reader = data.reader(tokenizer, model.folder());
      progress.begin("loading " + model.folder(), 0);
      try (DjlPolicy policy = model.loadPolicy(progress)) {
        progress.end();
        parameters.check(policy.parameters());
        PreferenceData read = data.read(reader, policy.maxLength(), progress);
        PreferenceData rows = method.loss().unpaired() ? read.unpaired() : read;
        measure(trainer.policy(policy).data(rows), policy, rows, loss, progress);
      }
    }
    return 0;
  }

  private void measure(
      TrainerBuilder builder,
      DjlPolicy policy,
      PreferenceData rows,
      AlignmentLoss loss,
      Progress progress) {
    String unit = method.loss().unpaired() ? "completion" : "pair";
    StepClock clock = new StepClock();
    Trainer trainer =
        trainer(builder.listener(clock).listener(new TrainingProgress(progress, unit)));
    progress.begin("measuring the matrix peak", 0);
    double matrixPeak = MatrixPeak.measure(policy.model().device());
    progress.end();
    trainer.train();
    print(result(clock, policy, rows, loss, matrixPeak), unit);
  }

  private static Trainer trainer(TrainerBuilder builder) {
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private BenchResult result(
      StepClock clock,
      DjlPolicy policy,
      PreferenceData data,
      AlignmentLoss loss,
      double matrixPeak) {
    Batches batches = Batches.inOrder(data, measurement.batchSize);
    ReferencePolicy rule = method.reference();
    RequiredWork work =
        new RequiredWork(
            policy.model().matrixWork(), rule, loss.usesReference(), batches.stepsPerEpoch());
    TokenCounts all = TokenCounts.NONE;
    TokenCounts counted = TokenCounts.NONE;
    double needed = 0;
    long rows = 0;
    for (long step = 1; step <= measurement.maxSteps; step++) {
      Batch batch = batches.at(step);
      TokenCounts counts = TokenCounts.of(batch.examples());
      all = all.plus(counts);
      if (step > measurement.skipSteps) {
        counted = counted.plus(counts);
        needed += work.of(counts, step - 1);
        rows += batch.size();
      }
    }
    List<Double> seconds = clock.steps();
    return new BenchResult(
        rows,
        ImmutableList.copyOf(seconds.subList(measurement.skipSteps, seconds.size())),
        clock.scoring() * counted.packed() / all.packed(),
        counted,
        loss.usesMismatched()
                || loss.usesDivergence()
                || parameters.freezes()
                || model.trainsAdapter()
            ? Double.NaN
            : needed,
        matrixPeak,
        Machine.peakMemory().orElse(0),
        policy.model().device().isGpu()
            ? CudaUtils.getGpuMemory(policy.model().device()).getCommitted()
            : 0);
  }

  private void print(BenchResult result, String unit) {
    if (measurement.json) {
      try {
        console.out().println(new ObjectMapper().writeValueAsString(result.toMap()));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("numbers can be written as JSON", e);
      }
    } else {
      console.out().println("Bench");
      result.lines(unit).forEach(line -> console.out().println("  " + line));
    }
  }
}
