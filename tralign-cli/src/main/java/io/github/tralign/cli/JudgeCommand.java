package io.github.tralign.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.Reason;
import io.github.tralign.judge.JudgeOutcome;
import io.github.tralign.judge.JudgeTask;
import io.github.tralign.judge.client.ChatClient;
import io.github.tralign.judge.client.ChatSettings;
import io.github.tralign.judge.client.Inquiry;
import io.github.tralign.judge.client.JudgeRequest;
import io.github.tralign.judge.client.JudgeServer;
import io.github.tralign.text.Numbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tralign judge}: a model behind a server judges answers. */
@Command(
    name = "judge",
    description = "Lets a model behind a server judge answers: win rates, scores, benchmarks.",
    customSynopsis =
        "${ROOT-COMMAND-NAME} judge --method NAME --answers FILE [--baseline FILE] --url URL --judge"
            + " NAME --output DIR [OPTION...]",
    sortOptions = false,
    footer = {
      "",
      "Each reply is in DIR/replies.jsonl at once, so the same command resumes after a kill."
          + " summary.json has the numbers, report.html examples too. docs/judging.md explains more.",
      "",
      "Example: ${ROOT-COMMAND-NAME} judge --method side-by-side --answers a.json --baseline b.json"
          + " --url http://127.0.0.1:8080/v1 --judge llama --output judged"
    })
final class JudgeCommand implements Callable<Integer> {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String REPLIES = "replies.jsonl";
  private static final String LINE = "%-28s %s%n";

  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin(name = "Answers")
  private JudgedAnswers answers = new JudgedAnswers();

  @Mixin(name = "Judge")
  private JudgeServerOptions judge = new JudgeServerOptions();

  @Mixin(name = "General")
  private General general = new General();

  JudgeCommand(Console console) {
    this.console = console;
  }

  /** What is written. */
  static final class General {
    @Option(
        names = "--output",
        paramLabel = "DIR",
        description = {
          "Folder for replies, judgments, summary.json and report.html: new, empty, or of the same"
              + " command, which then resumes. Required."
        })
    private @Nullable Path output;

    @Option(
        names = "--dry-run",
        description =
            "Shows the number of requests and roughly their tokens, without sending them.")
    private boolean dryRun;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "YAML file with any of these options. The command line takes precedence.")
    @SuppressWarnings("unused") // ConfigFile looks for it before options are parsed
    private @Nullable Path config;

    @Option(names = "--quiet", description = "Shows errors only.")
    private boolean quiet;
  }

  @Override
  public Integer call() throws InterruptedException {
    Refusal.requireAll(ImmutableMap.of("--method NAME", answers.hasMethod()));
    answers.check();
    if (answers.showsPrompt()) {
      console.out().print(answers.shownPrompt().text());
      return 0;
    }
    if (answers.asksNobody()) {
      print(answers.values(judge.judge()));
      return 0;
    }
    Map<String, Boolean> required = new LinkedHashMap<>(answers.required());
    required.put("--url URL", judge.hasUrl() || general.dryRun);
    required.put("--judge NAME", judge.hasJudge());
    required.put("--output DIR", general.output != null || general.dryRun);
    Refusal.requireAll(required);
    ChatSettings settings = judge.settings(answers.method());
    JudgeTask task = answers.task(settings);
    if (general.dryRun) {
      printCost(task.requests());
      return 0;
    }
    judge(task, settings, Refusal.given(general.output));
    return 0;
  }

  private void judge(JudgeTask task, ChatSettings settings, Path folder)
      throws InterruptedException {
    JudgeServer server = judge.server();
    int parallel = judge.parallel();
    prepare(folder);
    JudgeOutcome outcome;
    try (Progress progress = Progress.on(console.err(), general.quiet);
        Inquiry inquiry = Inquiry.open(folder.resolve(REPLIES), task.requests())) {
      if (server.exposesKey()) {
        progress.warn("the key is sent to " + server.url() + " unencrypted; use https");
      }
      ChatClient client = new ChatClient(server);
      ask(task.requests(), inquiry, client, parallel, progress);
      ask(task.more(inquiry.replies()), inquiry, client, parallel, progress);
      outcome = task.outcome(inquiry.replies());
    }
    Map<String, String> described = described(settings);
    AtomicFile.writeString(folder.resolve(outcome.file()), outcome.content());
    Map<String, Object> summary = new LinkedHashMap<>(described);
    summary.putAll(outcome.values());
    AtomicFile.writeString(folder.resolve("summary.json"), json(summary) + "\n");
    JudgeReport.write(folder.resolve("report.html"), outcome, described);
    if (!general.quiet) {
      print(outcome.values());
    }
  }

  private void ask(
      List<JudgeRequest> requests,
      Inquiry inquiry,
      ChatClient client,
      int parallel,
      Progress progress)
      throws InterruptedException {
    int missing = inquiry.missing(requests).size();
    if (missing == 0) {
      return;
    }
    long total = (long) inquiry.size() + missing;
    if (inquiry.size() > 0 && !general.quiet) {
      console
          .err()
          .println("resuming: " + Numbers.count(missing, "request") + " of " + total + " left");
    }
    progress.begin("asking " + judge.judge(), inquiry.size(), total);
    inquiry.ask(
        requests,
        client,
        parallel,
        done -> {
          synchronized (progress) {
            progress.at(done, "replies");
          }
        });
    progress.end();
  }

  /** Makes the folder, or makes sure that it is this command's. */
  private void prepare(Path folder) {
    ReadPaths.requireApart(spec, OutputFile.OPTION, folder);
    try {
      if (Files.isDirectory(folder) && !Files.exists(folder.resolve(REPLIES))) {
        try (Stream<Path> files = Files.list(folder)) {
          if (files.findAny().isPresent()) {
            throw new Refusal(
                OutputFile.OPTION,
                folder + " is not empty and has no " + REPLIES + "; choose another folder");
          }
        }
      }
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new Refusal(OutputFile.OPTION, folder + " cannot be made: " + Reason.of(e));
    }
  }

  private Map<String, String> described(ChatSettings settings) {
    Map<String, String> described = new LinkedHashMap<>();
    described.put("method", answers.method().toString());
    described.put("judge", settings.model());
    settings.temperature().ifPresent(it -> described.put("temperature", String.valueOf(it)));
    described.put("max_tokens", String.valueOf(settings.maxTokens()));
    described.put("prompt_sha256", answers.shownPrompt().sha256());
    return described;
  }

  private void printCost(List<JudgeRequest> requests) {
    long prompts = requests.stream().mapToLong(JudgeRequest::estimatedTokens).sum();
    long replies = requests.stream().mapToLong(JudgeRequest::maxTokens).sum();
    console.out().println(Numbers.count(requests.size(), "request"));
    console
        .out()
        .println("about " + Numbers.count(prompts, "token") + " of prompts, at 4 characters each");
    console.out().println("at most " + Numbers.count(replies, "token") + " of replies");
  }

  private void print(Map<String, Object> values) {
    JudgeReport.texts(values)
        .forEach((name, text) -> console.out().printf(Locale.ROOT, LINE, name, text));
  }

  private static String json(Map<String, Object> values) {
    try {
      return JSON.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers have no form in JSON", e);
    }
  }
}
