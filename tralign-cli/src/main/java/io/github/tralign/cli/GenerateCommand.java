package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.DjlModel;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.generate.PromptEncoder;
import io.github.tralign.djl.generate.TextGeneration;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.Generator;
import io.github.tralign.launch.Processes;
import io.github.tralign.text.Numbers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tralign generate}: completions for the prompts of a file. */
@Command(
    name = "generate",
    description = "Writes completions for the prompts of a file.",
    customSynopsis =
        "${ROOT-COMMAND-NAME} generate --policy DIR --prompts FILE --output FILE [OPTION...]",
    sortOptions = false,
    footer = {
      "",
      "Writes a line for each completion, in the order of the prompts, then of the samples:",
      "  {\"index\":0,\"sample\":0,\"completion\":\"…\",\"tokens\":17,\"finish\":\"stop\"}",
      "finish is stop (an end token), stop_string or length. docs/generation.md explains more.",
      "",
      "Example: ${ROOT-COMMAND-NAME} generate --policy run/model --prompts prompts.jsonl --output -"
    })
final class GenerateCommand implements Callable<Integer> {

  private static final int MAX_SAMPLES = 1_000_000;

  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin(name = "Model")
  private ScoredModelOptions model = new ScoredModelOptions();

  @Mixin(name = "Prompts")
  private PromptOptions prompts = new PromptOptions();

  @Mixin(name = "Decoding")
  private SamplingOptions sampling = new SamplingOptions();

  @Mixin(name = "Output")
  private AnswerOptions answers = new AnswerOptions();

  @Mixin(name = "Processes")
  private ProcessOptions processes = new ProcessOptions();

  @Mixin(name = "General")
  private GenerationOptions general = new GenerationOptions();

  GenerateCommand(Console console) {
    this.console = console;
  }

  /** What is completed, and how often. */
  static final class PromptOptions {
    @Option(
        names = "--prompts",
        paramLabel = "FILE",
        converter = HubPath.OfData.class,
        description = {
          "The prompts: a text file has one in each line; a data file (.jsonl, .json, .csv,"
              + " .parquet) has 'prompt', a text or a list of messages, or 'messages' or 'instruction'"
              + " in each row. Texts are continued as they are; messages and instructions use the"
              + " chat template. - is the standard"
              + " input, whose first line decides between text and JSON lines. Required."
        })
    private @Nullable Path file;

    @Option(
        names = "--samples",
        paramLabel = "N",
        description = "Completions of each prompt. Default: ${DEFAULT-VALUE}.")
    private int samples = 1;

    @Mixin private TemplateOptions template = new TemplateOptions();
  }

  /** What is written. */
  static final class AnswerOptions {
    @Option(
        names = "--output",
        paramLabel = "FILE",
        description = {
          "The file appears when it is complete; until then FILE.partial has the rows, and the same"
              + " command resumes there. - is the standard output. Required."
        })
    private @Nullable String output;

    @Option(
        names = "--format",
        paramLabel = "NAME",
        description = {
          "jsonl, or the answer file of a benchmark: alpaca-eval, arena-hard (before April 2025) or"
              + " arena-hard-v2; then the prompts are the benchmark's questions. Default:"
              + " ${DEFAULT-VALUE}."
        })
    private AnswerFormat format = AnswerFormat.JSONL;

    @Option(
        names = "--model-name",
        paramLabel = "NAME",
        description = {
          "The model's name in answer files. Default: for a run's model/, adapter/ or best/, the"
              + " run's name; else the folder's name."
        })
    private @Nullable String modelName;

    @Option(
        names = "--logps",
        description = {
          "Adds the log-probability of each completion under the model itself, and its token ids."
        })
    private boolean logps;

    @Mixin private OutputFile file = new OutputFile();

    private OutputFile.@Nullable Target target(CommandSpec command) {
      String name = Refusal.given(output);
      if (!name.equals("-")) {
        Path partial = CompletionOutput.partial(Path.of(name));
        ReadPaths.requireApart(command, OutputFile.OPTION, partial);
      }
      return file.checkOrStandard(command, name, format.beginning());
    }
  }

  @Override
  public Integer call() {
    Refusal.requireAll(
        ImmutableMap.of(
            "--policy DIR", model.isGiven(),
            "--prompts FILE", prompts.file != null,
            "--output FILE", answers.output != null));
    checkCombinations();
    general.check();
    model.check();
    processes.check(model);
    OutputFile.Target target = processes.isFirst() ? answers.target(spec) : null;
    PromptFile.requireRegular(Refusal.given(prompts.file));
    if (processes.several() && Refusal.given(prompts.file).toString().equals("-")) {
      throw new Refusal(
          "--prompts", "cannot be the standard input with several processes; give a file");
    }
    GenerationConfig config = sampling.applyTo(GenerationConfig.read(model.folder()));
    try (Processes together = processes.start(spec, console, model)) {
      return together.run(() -> complete(together, config, target), Failures::code);
    }
  }

  private int complete(
      Processes together, GenerationConfig read, OutputFile.@Nullable Target target) {
    Console shown = processes.of(console);
    boolean quiet = general.quiet() || !together.isFirst();
    try (Progress progress = Progress.on(shown.err(), quiet);
        CheckpointTokenizer tokenizer = model.loadTokenizer()) {
      GenerationConfig config = read.withEndOf(tokenizer);
      config.warnings().forEach(progress::warn);
      if (prompts.samples > 1 && config.sampling().isGreedy()) {
        throw new Refusal(
            "--samples",
            "greedy decoding gives equal completions; give --temperature 1, or leave --samples out");
      }
      PromptEncoder encoder =
          new PromptEncoder(tokenizer, prompts.template.template(model.folder()));
      List<PromptRow> rows =
          PromptFile.read(
              Refusal.given(prompts.file),
              System.in,
              row -> answers.format.prompt(row, encoder.hasTemplate()));
      PromptFile.jsonReadAsText(rows).ifPresent(progress::warn);
      List<GenerationRequest> requests = requests(rows, encoder, config);
      if (!quiet) {
        GenerationLines.of(config, tokenizer, sampling.seed()).forEach(shown.err()::println);
        if (encoder.hasTemplate() && rows.stream().anyMatch(it -> !it.prompt().isChat())) {
          shown.err().println(GenerationLines.TEXTS);
        }
      }
      together.ready();
      try (CompletionOutput output = output(target, rows, requests, config)) {
        generate(together, requests, tokenizer, config, output, progress);
      }
    }
    return 0;
  }

  private void checkCombinations() {
    if (prompts.samples < 1) {
      throw new Refusal("--samples", "must be at least 1, not " + prompts.samples);
    }
    if (prompts.samples > MAX_SAMPLES) {
      throw new Refusal("--samples", "must be at most " + MAX_SAMPLES + ", not " + prompts.samples);
    }
    if (answers.format == AnswerFormat.JSONL) {
      if (answers.modelName != null) {
        throw new Refusal("--model-name", "has no effect without --format of a benchmark");
      }
    } else if (prompts.samples > 1 || answers.logps) {
      throw new Refusal(
          prompts.samples > 1 ? "--samples" : "--logps",
          "cannot be used with --format " + answers.format + ", which has no place for it");
    }
  }

  /** A request for each prompt, checked before the weights are read. */
  private List<GenerationRequest> requests(
      List<PromptRow> rows, PromptEncoder encoder, GenerationConfig config) {
    int maxLength = model.maxLength();
    List<GenerationRequest> requests = new ArrayList<>();
    for (PromptRow row : rows) {
      ImmutableIntArray tokens = encoder.encode(row.prompt());
      requests.add(
          new GenerationRequest(
              tokens,
              prompts.samples,
              GenerationOptions.settings(config, tokens.length(), maxLength, row.prompt().origin()),
              sampling.seed(),
              requests.size()));
    }
    return requests;
  }

  private CompletionOutput output(
      OutputFile.@Nullable Target target,
      List<PromptRow> rows,
      List<GenerationRequest> requests,
      GenerationConfig config) {
    String name = answers.modelName == null ? model.name() : answers.modelName;
    return target == null
        ? CompletionOutput.printed(
            processes.of(console).out(),
            prompts.samples,
            out -> new AnswerWriter(answers.format, rows, name, out))
        : CompletionOutput.file(
            target,
            owner(requests, config),
            out -> new AnswerWriter(answers.format, rows, name, out));
  }

  /** Identifies what the completions depend on. */
  private String owner(List<GenerationRequest> requests, GenerationConfig config) {
    List<Object> all =
        List.of(model.stamp(), requests, config.stopStrings(), answers.format, answers.logps);
    return Hashing.sha256().hashString(all.toString(), StandardCharsets.UTF_8).toString();
  }

  private void generate(
      Processes together,
      List<GenerationRequest> requests,
      CheckpointTokenizer tokenizer,
      GenerationConfig config,
      CompletionOutput output,
      Progress progress) {
    CompletionRun run =
        new CompletionRun(
            together.group(), output, progress, requests.size(), prompts.samples, answers.logps);
    long total = (long) requests.size() * prompts.samples;
    if (run.done() > 0 && !general.quiet()) {
      processes
          .of(console)
          .err()
          .println(
              "resuming: "
                  + Numbers.count(run.done(), "completion")
                  + " of "
                  + total
                  + " are there");
    }
    if (run.done() < total) {
      long cache = general.cacheTokens(requests, model.maxLength());
      progress.begin("loading " + model.folder(), 0);
      try (DjlModel loaded = model.loadModel(progress);
          DecodingSession session = loaded.decode(cache);
          Generator generator = new Generator(session)) {
        progress.begin("generating", run.done(), total);
        for (GenerationRequest request : requests) {
          if (run.isDue(request)) {
            generator.add(
                request,
                new TextGeneration(request, tokenizer, config.stopStrings(), run.of(request)));
          }
        }
        run.complete(generator::step);
        progress.end();
      }
    }
    if (together.isFirst()) {
      output.complete();
    }
  }
}
