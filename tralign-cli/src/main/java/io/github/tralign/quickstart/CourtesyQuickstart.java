package io.github.tralign.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.TR;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceReader;
import io.github.tralign.djl.Adapter;
import io.github.tralign.djl.DjlModel;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.DjlPolicyBuilder;
import io.github.tralign.djl.Precision;
import io.github.tralign.djl.chat.CheckpointTemplate;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.reference.ReferencePolicy;
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
import java.util.Optional;

/**
 * Teaches a chat model courtesy, from pairs that this project wrote: from the same start by DPO
 * with a fixed reference and with one that moves, each as an adapter. Shows what the model and both
 * runs answer to questions that they were not trained on.
 */
public final class CourtesyQuickstart {

  private final QuickstartFolder folder;
  private final Path model;
  private final CourtesySettings settings;
  private final QuickstartConsole console;

  /**
   * Makes a quickstart.
   *
   * @param folder a new or empty folder, or that of an earlier quickstart, which is replaced
   * @param model a Hugging Face folder of a chat model
   * @param seed the random seed
   * @param threads number of PyTorch's threads, ≥ 1
   * @param console receives progress and results
   */
  public CourtesyQuickstart(
      Path folder, Path model, long seed, int threads, QuickstartConsole console) {
    this(folder, model, new CourtesySettingsBuilder().seed(seed).threads(threads).build(), console);
  }

  CourtesyQuickstart(
      Path folder, Path model, CourtesySettings settings, QuickstartConsole console) {
    this.folder = new QuickstartFolder(folder);
    this.model = model;
    this.settings = settings;
    this.console = console;
  }

  /**
   * Runs everything.
   *
   * @throws io.github.tralign.InvalidInputException if the model cannot be read, or the folder has
   *     other content or cannot be created
   */
  public void run() throws IOException {
    long began = System.nanoTime();
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(model)) {
      Optional<CheckpointTemplate> template = CheckpointTemplate.load(model);
      folder.begin(settings);
      List<CourtesyPair> all = CourtesyPair.all();
      List<CourtesyPair> asked = first(CourtesyPair.part(all, true), settings.heldOutPairs());
      write(folder.heldOut(), asked, template.isPresent());
      write(
          folder.training(),
          first(shuffled(CourtesyPair.part(all, false)), settings.trainingPairs()),
          template.isPresent());
      PreferenceData heldOut = read(tokenizer, template, folder.heldOut());
      PreferenceData training = read(tokenizer, template, folder.training());
      console.line("Loading " + model + " and letting it answer");
      try (DjlModel start = loading().loadModel()) {
        console.line(
            String.format(
                Locale.ROOT,
                "A model of %,d parameters, %d training pairs, %d held-out questions",
                start.parameterCount(),
                training.size(),
                heldOut.size()));
        CourtesyAnswers answers =
            new CourtesyAnswers(settings, heldOut.examples(), tokenizer, model);
        HeldOut measured = new HeldOut(heldOut.examples());
        Shared shared = new Shared(training, answers, measured, start, measured.score(start));
        List<CourtesyOutcome> outcomes = new ArrayList<>();
        outcomes.add(
            new CourtesyOutcome(
                "before", answers.mostProbable(start), answers.draw(start, start), 0, 0, 0));
        outcomes.add(align("DPO", "dpo", TR.fixed(), shared));
        outcomes.add(align("TR-DPO", "tr-dpo-soft", TR.soft(settings.alpha()), shared));
        String text = new CourtesyReport(settings, asked, outcomes).text();
        AtomicFile.writeString(folder.answers(), text);
        console.result("\n" + text);
        console.result(CourtesyReport.whatNext(folder, model));
      }
    }
    console.line(String.format(Locale.ROOT, "Done in %.0f s.", (System.nanoTime() - began) / 1e9));
  }

  /** What both runs have in common; the scores are those of the held-out pairs under the start. */
  private record Shared(
      PreferenceData training,
      CourtesyAnswers answers,
      HeldOut heldOut,
      DjlModel start,
      double[][] scores) {}

  private CourtesyOutcome align(String title, String run, ReferencePolicy rule, Shared shared)
      throws IOException {
    PhaseSeconds seconds = new PhaseSeconds();
    try (DjlPolicy policy =
            loading().adapter(Adapter.lora(settings.rank()).seed(settings.seed())).load();
        MetricsFile metrics = new MetricsFile(folder.metrics(run))) {
      seconds.end("load");
      TrainingResult result =
          Trainer.builder()
              .policy(policy)
              .data(shared.training())
              .loss(TR.dpo(settings.beta()))
              .reference(rule)
              .learningRate(settings.learningRate())
              .schedule(Schedule.linear())
              .batchSize(settings.batch())
              .seed(settings.seed())
              .probeEvery(0)
              .listener(metrics)
              .listener(new Stage(console, title))
              .build()
              .train();
      seconds.set("reference_scoring", result.referenceSeconds());
      seconds.set("training", result.trainingSeconds());
      seconds.start();
      policy.save(folder.run(run).resolve("adapter"));
      seconds.end("save");
      new RunReport(folder.run(run), shared.training()).finished(result, seconds);
      double[][] now = shared.heldOut().score(policy);
      return new CourtesyOutcome(
          title,
          shared.answers().mostProbable(policy),
          shared.answers().draw(policy, shared.start()),
          HeldOut.accuracy(now, shared.scores()),
          settings.beta() * HeldOut.margin(now, shared.scores()),
          result.referenceSeconds() + result.trainingSeconds());
    }
  }

  /** Loads in bf16 where that is faster. */
  private DjlPolicyBuilder loading() {
    return DjlPolicy.from(model).threads(settings.threads()).precision(Precision.AUTO);
  }

  private static PreferenceData read(
      CheckpointTokenizer tokenizer, Optional<CheckpointTemplate> template, Path file) {
    PreferenceReader reader = PreferenceData.read(tokenizer);
    template.ifPresent(reader::template);
    return reader.file(file);
  }

  private static List<CourtesyPair> first(List<CourtesyPair> pairs, int count) {
    return pairs.subList(0, Math.min(count, pairs.size()));
  }

  /** In another order than theme by theme. */
  private List<CourtesyPair> shuffled(List<CourtesyPair> pairs) {
    List<CourtesyPair> shuffled = new ArrayList<>(pairs);
    new Draw(settings.seed()).shuffle(shuffled);
    return shuffled;
  }

  /** Writes messages, or plain text for a model that has no chat template. */
  private static void write(Path file, List<CourtesyPair> pairs, boolean chat) {
    ObjectMapper json = new ObjectMapper();
    StringBuilder lines = new StringBuilder();
    for (CourtesyPair pair : pairs) {
      ObjectNode row = json.createObjectNode();
      if (chat) {
        message(row, "prompt", "user", pair.question());
        message(row, "chosen", "assistant", pair.courteous());
        message(row, "rejected", "assistant", pair.curt());
      } else {
        row.put("prompt", "Question: " + pair.question() + "\nAnswer:");
        row.put("chosen", " " + pair.courteous()).put("rejected", " " + pair.curt());
      }
      lines.append(row).append('\n');
    }
    AtomicFile.writeString(file, lines.toString());
  }

  private static void message(ObjectNode row, String field, String role, String content) {
    row.putArray(field).addObject().put("role", role).put("content", content);
  }
}
