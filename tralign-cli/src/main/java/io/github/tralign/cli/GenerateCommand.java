package io.github.tralign.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.DjlModel;
import io.github.tralign.djl.generate.GeneratedText;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.generate.PromptEncoder;
import io.github.tralign.djl.generate.TextGeneration;
import io.github.tralign.djl.generate.TextListener;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.GeneratedToken;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.Generator;
import io.github.tralign.text.Numbers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
              + " .parquet) has 'prompt', a text or a list of messages, or 'messages' in each row."
              + " Texts are continued as they are; messages use the chat template. - is the standard"
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
    OutputFile.Target target = answers.target(spec);
    PromptFile.requireRegular(Refusal.given(prompts.file));
    GenerationConfig config = sampling.applyTo(GenerationConfig.read(model.folder()));
    try (Progress progress = Progress.on(console.err(), general.quiet());
        CheckpointTokenizer tokenizer = model.loadTokenizer()) {
      config = config.withEndOf(tokenizer);
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
      if (!general.quiet()) {
        GenerationLines.of(config, tokenizer, sampling.seed()).forEach(console.err()::println);
        if (encoder.hasTemplate() && rows.stream().anyMatch(it -> !it.prompt().isChat())) {
          console.err().println(GenerationLines.TEXTS);
        }
      }
      try (CompletionOutput output = output(target, rows, requests, config)) {
        generate(requests, tokenizer, config, output, progress);
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
            console.out(),
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
      List<GenerationRequest> requests,
      CheckpointTokenizer tokenizer,
      GenerationConfig config,
      CompletionOutput output,
      Progress progress) {
    long total = (long) requests.size() * prompts.samples;
    if (output.size() > 0 && !general.quiet()) {
      console
          .err()
          .println(
              "resuming: "
                  + Numbers.count(output.size(), "completion")
                  + " of "
                  + total
                  + " are there");
    }
    if (output.size() < total) {
      long cache = general.cacheTokens(requests, model.maxLength());
      progress.begin("loading " + model.folder(), 0);
      try (DjlModel loaded = model.loadModel(progress);
          DecodingSession session = loaded.decode(cache);
          Generator generator = new Generator(session)) {
        progress.begin("generating", output.size(), total);
        Rows listener = new Rows(output, progress);
        for (GenerationRequest request : requests) {
          if (!isThere(request, output)) {
            TextListener row = listener.of(request);
            generator.add(
                request, new TextGeneration(request, tokenizer, config.stopStrings(), row));
          }
        }
        while (generator.step()) {
          // each step gives one token of each running sample
        }
        progress.end();
      }
    }
    output.complete();
  }

  private static boolean isThere(GenerationRequest request, CompletionOutput output) {
    for (int sample = 0; sample < request.samples(); sample++) {
      if (!output.has((int) request.row(), sample)) {
        return false;
      }
    }
    return true;
  }

  /** Writes completions as they end. */
  private final class Rows {
    private final CompletionOutput output;
    private final Progress progress;
    private final long start = System.nanoTime();
    private long done;
    private double work; // with the parts of completions under way, of their maximum length
    private long tokens;

    Rows(CompletionOutput output, Progress progress) {
      this.output = output;
      this.progress = progress;
      this.done = output.size();
      this.work = done;
    }

    TextListener of(GenerationRequest request) {
      int index = (int) request.row();
      double share = 1.0 / request.sampling().maxNewTokens(); // of one token
      return new TextListener() {
        @Override
        public boolean token(int sample, GeneratedToken token, String text) {
          tokens++;
          work += share;
          progress.at(done, work, speed());
          return !output.has(index, sample); // of a prompt that was interrupted between samples
        }

        @Override
        public void finished(int sample, GeneratedText text) {
          double part = text.completion().tokens().length() * share;
          boolean before = output.has(index, sample);
          work += before ? -part : 1 - part;
          if (!before) {
            output.add(row(index, sample, text));
            progress.at(++done, work, speed());
          }
        }
      };
    }

    private String speed() {
      double seconds = Math.max(1e-9, (System.nanoTime() - start) / 1e9);
      return String.format(Locale.ROOT, "%.0f tok/s", tokens / seconds);
    }
  }

  private ObjectNode row(int index, int sample, GeneratedText text) {
    ObjectNode row =
        JsonNodeFactory.instance
            .objectNode()
            .put("index", index)
            .put("sample", sample)
            .put("completion", text.text())
            .put("tokens", text.completion().tokens().length())
            .put("finish", text.finish());
    if (answers.logps) {
      row.put("logp", text.completion().logProb());
      text.completion().tokens().forEach(row.withArray("token_ids")::add);
    }
    return row;
  }
}
