package io.github.tralign.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceReader;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.djl.tokenizer.TokenIds;
import io.github.tralign.launch.Processes;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.text.Numbers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tralign evaluate}: how a policy scores data, compared with a reference. */
@Command(
    name = "evaluate",
    description = "Accuracy, margins and KL of a policy against a reference on a data file.",
    customSynopsis =
        "${ROOT-COMMAND-NAME} evaluate --policy DIR [--reference DIR] --data FILE [OPTION...]",
    sortOptions = false,
    footer = {
      "",
      "Prints a table; docs/command-line.md explains the lines.",
      "",
      "Example: ${ROOT-COMMAND-NAME} evaluate --policy run/model --reference pythia-70m --data held-out.jsonl"
    })
final class EvaluateCommand implements Callable<Integer> {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final String LINE = "%-28s %12s%n";

  /** How a file begins that this command wrote. */
  private static final Pattern BEGINNING =
      Pattern.compile("\\{\\s*\"policy\" : \"[^\n]*\",\\s*\"(adapter|reference|data)\" : ");

  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin(name = "Model")
  private ScoredModelOptions model = new ScoredModelOptions();

  @Mixin(name = "Data")
  private DataOptions data = new DataOptions();

  @Mixin(name = "Evaluation")
  private EvaluationOptions evaluation = new EvaluationOptions();

  @Mixin(name = "Processes")
  private ProcessOptions processes = new ProcessOptions();

  @Mixin(name = "General")
  private CommonOptions common = new CommonOptions();

  EvaluateCommand(Console console) {
    this.console = console;
  }

  /** What the policy is compared with, and where the results go. */
  static final class EvaluationOptions {
    @Option(
        names = "--reference",
        paramLabel = "DIR",
        converter = HubPath.OfModel.class,
        description = "The reference, any model with the same token ids. Default: none.")
    private @Nullable Path reference;

    @Option(
        names = "--beta",
        paramLabel = "B",
        description = "Factor from log-ratios to rewards, > 0. Default: 0.1.")
    private @Nullable Double beta;

    @Option(
        names = "--output",
        paramLabel = "FILE",
        description = "Also writes the results as JSON; replaces earlier results of this command.")
    private @Nullable Path output;

    @Mixin private OutputFile file = new OutputFile();

    private OutputFile.@Nullable Target target(CommandSpec command) {
      return file.checkIfGiven(command, output, BEGINNING);
    }
  }

  @Override
  public Integer call() {
    Refusal.requireAll(
        ImmutableMap.of("--policy DIR", model.isGiven(), "--data FILE", data.isGiven()));
    OutputFile.Target output = check();
    if (!processes.isFirst()) {
      data.onlyReadCache();
    }
    try (Processes together = processes.start(spec, console, model)) {
      return together.run(() -> evaluate(together, output), Failures::code);
    }
  }

  private int evaluate(Processes together, OutputFile.@Nullable Target output) {
    Console shown = processes.of(console);
    boolean quiet = common.quiet() || !together.isFirst();
    try (Progress progress = Progress.on(shown.err(), quiet);
        CheckpointTokenizer tokenizer = model.loadTokenizer()) {
      PreferenceReader reader = data.reader(tokenizer, model.folder());
      progress.begin("loading " + model.folder(), 0);
      try (DjlPolicy policy = model.loadPolicy(progress)) {
        if (evaluation.reference != null) {
          int before = policy.warnings().size();
          policy.loadReference(evaluation.reference);
          policy.warnings().stream().skip(before).forEach(progress::warn);
        }
        progress.end();
        PreferenceData read = data.read(reader, policy.maxLength(), progress);
        if (!quiet) {
          read.report().summary().forEach(shown.err()::println);
        }
        read.examples().forEach(example -> requireKnown(example, policy.vocabularySize()));
        if (evaluation.reference != null) {
          requireTaken(read, policy, evaluation.reference);
        }
        together.ready();
        ModelComparison measured = measure(together.group(), policy, read, progress);
        if (together.isFirst()) {
          report(read, measured, output);
        }
      }
    }
    return 0;
  }

  /** Refuses what can be refused before anything is loaded. */
  private OutputFile.@Nullable Target check() {
    common.check();
    Double beta = evaluation.beta;
    if (beta != null && evaluation.reference == null) {
      throw new Refusal(
          "--beta", "has no effect without --reference; leave it out, or give a reference");
    }
    if (beta != null && !(beta > 0 && Double.isFinite(beta))) {
      throw new Refusal("--beta", "must be a number > 0, not " + beta);
    }
    processes.check(model);
    OutputFile.Target output = processes.isFirst() ? evaluation.target(spec) : null;
    model.check();
    if (evaluation.reference != null) {
      CheckpointFolder.open(evaluation.reference).close();
      TokenIds.requireSame(model.folder(), evaluation.reference);
    }
    data.files();
    return output;
  }

  private ModelComparison measure(
      ProcessGroup group, DjlPolicy policy, PreferenceData read, Progress progress) {
    ModelComparison measured = new ModelComparison(policy, beta());
    progress.begin("evaluating", read.size());
    List<PreferenceBatch> slices = common.slices(new PreferenceBatch(read.examples()));
    AtomicLong done = new AtomicLong();
    SharedWork.inOrder(
        group,
        slices.size(),
        piece -> measured.compute(slices.get(piece)),
        (piece, numbers) -> {
          measured.add(slices.get(piece), numbers);
          progress.at(done.addAndGet(slices.get(piece).size()), "rows");
        });
    progress.end();
    return measured;
  }

  private void report(
      PreferenceData read, ModelComparison measured, OutputFile.@Nullable Target output) {
    Map<String, Double> values = measured.values();
    if (!common.quiet()) {
      if (evaluation.reference != null) {
        console.out().printf(Locale.ROOT, LINE, "beta", beta());
      }
      values.forEach(
          (name, value) ->
              console.out().printf(Locale.ROOT, LINE, name, Numbers.significant(value, 4)));
    }
    if (output != null) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("policy", model.folder().toString());
      model.adapter().ifPresent(it -> all.put("adapter", it.toString()));
      if (evaluation.reference != null) {
        all.put("reference", evaluation.reference.toString());
        all.put("beta", beta());
      }
      all.put("data", read.report().sources().stream().map(it -> it.path()).toList());
      all.put("data-fingerprint", read.fingerprint());
      all.put("rows", read.size());
      all.put("completions", measured.completions());
      all.put("tokens", measured.tokens());
      all.putAll(values);
      output.writeString(json(all) + "\n");
    }
  }

  private double beta() {
    return evaluation.beta == null ? 0.1 : evaluation.beta;
  }

  private static String json(Map<String, Object> values) {
    try {
      return JSON.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("figures have no form in JSON", e);
    }
  }

  private static void requireKnown(Example example, int vocabularySize) {
    try {
      example.requireKnown(vocabularySize);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Rejects rows that the policy takes but the reference does not. */
  private void requireTaken(PreferenceData read, DjlPolicy policy, Path folder) {
    LanguageModel reference = policy.reference();
    for (Example example : read.examples()) {
      if (example.longestSequence() > reference.maxLength()) {
        throw new InvalidInputException(
            String.format(
                Locale.ROOT,
                "%s has %d tokens, but %s takes at most %d (%s: %d); give --max-length %d, or"
                    + " another --reference",
                example.origin(),
                example.longestSequence(),
                folder,
                reference.maxLength(),
                model.folder(),
                policy.maxLength(),
                reference.maxLength()));
      }
      try {
        example.requireKnown(reference.vocabularySize());
      } catch (IllegalArgumentException e) {
        throw new InvalidInputException(
            String.format(
                Locale.ROOT,
                "%s; %s has %d token ids, but %s has %d",
                e.getMessage(),
                folder,
                reference.vocabularySize(),
                model.folder(),
                policy.vocabularySize()),
            e);
      }
    }
  }
}
