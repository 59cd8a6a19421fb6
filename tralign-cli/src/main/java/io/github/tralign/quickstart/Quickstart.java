package io.github.tralign.quickstart;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.RandomCheckpoint;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.report.PhaseSeconds;
import io.github.tralign.report.RunReport;
import io.github.tralign.train.Schedule;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingResult;
import io.github.tralign.train.log.MetricsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Makes a tokenizer, a small model and preference data, fine-tunes the model, aligns it from the
 * same start with DPO and both variants of TR-DPO, and prints the results.
 */
public final class Quickstart {

  private final QuickstartFolder folder;
  private final QuickstartSettings settings;
  private final QuickstartConsole console;

  /**
   * Makes a quickstart of the default size.
   *
   * @param folder a new or empty folder, or that of an earlier quickstart, which is replaced
   * @param seed the random seed; the same seed gives the same results on the same machine with the
   *     same number of threads
   * @param threads number of PyTorch's threads, ≥ 1
   * @param console receives progress and results
   */
  public Quickstart(Path folder, long seed, int threads, QuickstartConsole console) {
    this(folder, QuickstartSettings.builder().seed(seed).threads(threads).build(), console);
  }

  Quickstart(Path folder, QuickstartSettings settings, QuickstartConsole console) {
    this.folder = new QuickstartFolder(folder);
    this.settings = settings;
    this.console = console;
  }

  /**
   * Runs everything.
   *
   * @throws io.github.tralign.InvalidInputException if the folder has other content or cannot be
   *     created
   */
  public void run() throws IOException {
    long began = System.nanoTime();
    folder.begin(settings);
    console.line("Making preference data, a tokenizer and a model in " + folder.root());
    Pairs pairs = Pairs.draw(settings);
    Pairs.write(folder.training(), pairs.training());
    Pairs.write(folder.heldOut(), pairs.heldOut());
    int vocabulary = WordTokenizer.write(folder.tokenizer(), Grammar.vocabulary());
    RandomCheckpoint.write(
        folder.fresh(), settings.model().config(vocabulary), folder.tokenizer(), settings.seed());
    PreferenceData training = read(folder.training());
    HeldOut heldOut = new HeldOut(read(folder.heldOut()).examples());

    console.line("Starting PyTorch (its native library is unpacked the first time)");
    Start start = fineTune(training, heldOut);
    List<Outcome> outcomes = new ArrayList<>();
    for (Method method : Method.all(settings)) {
      outcomes.add(align(method, training, heldOut, start));
    }
    Report report = new Report(settings, folder, start, outcomes);
    AtomicFile.writeString(folder.table(), report.table());
    console.result("\n" + report.table());
    console.result(report.whatNext());
    console.line(String.format(Locale.ROOT, "Done in %.0f s.", (System.nanoTime() - began) / 1e9));
  }

  private PreferenceData read(Path file) {
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(folder.fresh())) {
      return PreferenceData.read(tokenizer).file(file);
    }
  }

  /**
   * Supervised fine-tuning on both good and bad answers: if the policy never gave bad answers,
   * there would be nothing to improve.
   */
  private Start fineTune(PreferenceData training, HeldOut heldOut) throws IOException {
    List<Example> answers = new ArrayList<>();
    for (Example pair : training.examples()) {
      answers.add(new Example(pair.prompt(), ImmutableList.of(pair.chosen()), pair.origin()));
      answers.add(new Example(pair.prompt(), ImmutableList.of(pair.rejected()), pair.origin()));
    }
    PhaseSeconds seconds = new PhaseSeconds();
    try (DjlPolicy policy = load(folder.fresh());
        MetricsFile metrics = new MetricsFile(folder.metrics("sft"))) {
      console.line(
          String.format(
              Locale.ROOT,
              "A Llama of %,d parameters, %d training pairs, %d held-out pairs",
              policy.model().parameterCount(),
              settings.trainingPairs(),
              settings.heldOutPairs()));
      seconds.end("load");
      TrainingResult result =
          Trainer.builder()
              .policy(policy)
              .data(answers)
              .loss(TR.sft())
              .learningRate(settings.sftLearningRate())
              .schedule(Schedule.cosine())
              .warmupSteps(settings.sftSteps() / 10)
              .maxSteps(settings.sftSteps())
              .batchSize(settings.sftBatch())
              .seed(settings.seed())
              .listener(metrics)
              .listener(new Stage(console, "SFT"))
              .build()
              .train();
      finish("sft", policy, result, PreferenceData.of(answers), seconds);
      return Start.of(policy, heldOut);
    }
  }

  private Outcome align(Method method, PreferenceData training, HeldOut heldOut, Start start)
      throws IOException {
    PhaseSeconds seconds = new PhaseSeconds();
    try (DjlPolicy policy = load(folder.model("sft"));
        MetricsFile metrics = new MetricsFile(folder.metrics(method.folder()))) {
      HeldOutReference reference = new HeldOutReference(policy, heldOut);
      AtomicFile.writeString(
          folder.config(method.folder()), RunConfig.yaml(method, settings, folder));
      seconds.end("load");
      TrainingResult result =
          Trainer.builder()
              .policy(policy)
              .data(training)
              .loss(TR.dpo(settings.beta()))
              .reference(method.rule())
              .learningRate(settings.learningRate())
              .maxSteps(settings.steps())
              .batchSize(settings.batch())
              .seed(settings.seed())
              .probeEvery(10)
              .listener(metrics)
              .listener(reference)
              .listener(new Stage(console, method.title()))
              .build()
              .train();
      finish(method.folder(), policy, result, training, seconds);
      return Outcome.of(method, settings.beta(), policy, heldOut, start, reference.get());
    }
  }

  /** Saves the model and writes the report of a run. */
  private void finish(
      String run,
      DjlPolicy policy,
      TrainingResult result,
      PreferenceData data,
      PhaseSeconds seconds) {
    seconds.set("reference_scoring", result.referenceSeconds());
    seconds.set("training", result.trainingSeconds());
    seconds.start();
    policy.save(folder.model(run));
    seconds.end("save");
    new RunReport(folder.run(run), data).finished(result, seconds);
  }

  private DjlPolicy load(Path model) {
    return DjlPolicy.from(model).threads(settings.threads()).load();
  }
}
