package io.github.tralign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.hub.LoopbackHub;
import io.github.tralign.judge.ScriptedJudge;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** Runs commands one after the other, each as if the folder were the one that it is started in. */
final class PageRun implements AutoCloseable {

  private static final String HUB = "HF_ENDPOINT";
  private static final String CACHE = "HF_HUB_CACHE";
  private static final Pattern ADDRESS = Pattern.compile("serving \\S+ at (http://\\S+)\n");

  /**
   * Options that get these values: what would take minutes or hours, and a port that may be taken.
   * 200 pairs give the betas that are in the names of files.
   */
  private static final Map<String, String> INSTEAD =
      Map.of(
          "train",
          "--max-steps 3 --checkpoint-every 2",
          "experiment frontier",
          "--seeds 1 --betas 0.1 --hidden 6 --sft-steps 5 --pairs 512 --prompts 8",
          "experiment real",
          "--seeds 1 --rules fixed,soft:0.6 --betas 0.1 --train-pairs 200 --judge-pairs 8"
              + " --eval-prompts 4 --max-new-tokens 4",
          "serve",
          "--port 0");

  private final Path folder;
  private final CommandLine line = line();
  private final InputStream input = System.in;
  private final ScriptedJudge judge = ScriptedJudge.saying(body -> "[[A]]");
  private List<String> judged = List.of();
  private int runs;

  PageRun(Path folder) {
    this.folder = folder;
    System.setProperty(CACHE, folder.resolve("hub").toString());
  }

  private static CommandLine line() {
    Printer nothing = Printer.on(new ByteArrayOutputStream());
    Console console = new Console(nothing, nothing);
    return Main.line(console, new Failures(console));
  }

  @Override
  public void close() {
    judge.close();
    System.clearProperty(HUB);
    System.clearProperty(CACHE);
    System.setIn(input);
  }

  /** Runs commands, which have to succeed. Returns what they showed, and wrote to files of text. */
  String run(List<PageCommands.Command> commands) throws Exception {
    StringBuilder output = new StringBuilder();
    for (PageCommands.Command command : commands) {
      output.append(run(command.place(), command.words().subList(1, command.words().size())));
    }
    return output.toString();
  }

  private String run(String place, List<String> shown) throws Exception {
    List<String> words = set(whole(shown), options(shown));
    if (words.contains("run") || words.contains("run/model")) {
      requireRun(place, words);
    }
    switch (words.get(0)) {
      case "fetch" -> {
        try (LoopbackHub hub = PageFolder.hub(words.get(1), words.contains("--data"))) {
          System.setProperty(HUB, hub.address());
          return done(place, words);
        }
      }
      case "serve" -> {
        return serve(words);
      }
      case "judge" -> judged = words;
      default -> System.setIn(new ByteArrayInputStream("Hello!\n".getBytes(UTF_8))); // to chat
    }
    return done(place, words);
  }

  /** The words, with what a … stands for. */
  private List<String> whole(List<String> shown) {
    if (!shown.contains("…")) {
      return shown;
    }
    List<String> words = new ArrayList<>();
    if (shown.get(0).equals("judge")) {
      words.addAll(judged);
      words.remove("--dry-run");
    } else {
      words.addAll(List.of("train", "--policy", PageFolder.DEEP, "--output", "run" + ++runs));
      words.addAll(shown.contains("--data") ? List.of() : List.of("--data", "pairs.jsonl"));
      words.addAll(shown.subList(2, shown.size()));
    }
    return words;
  }

  /** Options that a command gets. */
  private List<String> options(List<String> words) {
    List<String> options = new ArrayList<>();
    String name = String.join(" ", words.subList(0, names(words)));
    if (words.contains("--resume")) {
      return options;
    }
    if (INSTEAD.containsKey(name)) {
      options.addAll(List.of(INSTEAD.get(name).split(" ")));
    }
    if (name.equals("judge") && !words.contains("--dry-run")) {
      options.addAll(List.of("--url", judge.server(0).url().toString()));
    }
    CommandLine command = line.getSubcommands().get(name);
    if (command != null && command.getCommandSpec().findOption("--threads") != null) {
      options.addAll(List.of("--threads", "1"));
    }
    return options;
  }

  /** How many of the words are the command's name. */
  private static int names(List<String> words) {
    return words.get(0).equals("experiment") ? 2 : 1;
  }

  private static List<String> set(List<String> words, List<String> options) {
    List<String> changed = new ArrayList<>(words);
    for (int i = 0; i < options.size(); i += 2) {
      int at = changed.indexOf(options.get(i));
      if (at >= 0) {
        changed.subList(at, at + 2).clear();
      }
      changed.addAll(options.subList(i, i + 2));
    }
    return changed;
  }

  /** The run that a page is about, if it is not trained there. */
  private void requireRun(String place, List<String> words) throws Exception {
    boolean resumes = words.contains("--resume");
    boolean trains = words.get(0).equals("train") && !resumes;
    if (!trains && !Files.exists(folder.resolve("run"))) {
      run(
          place,
          List.of("train", "--policy", "smollm2", "--data", "pairs.jsonl", "--output", "run"));
    }
    if (resumes) { // as if it had been killed when it was about to end
      Files.delete(folder.resolve("run/summary.json"));
    }
  }

  private String done(String place, List<String> words) throws IOException {
    Cli.Outcome outcome = Cli.run(here(words));
    assertThat(outcome.code()).as(place + ": " + words + "\n" + outcome.err()).isZero();
    Optional<Path> output = output(words);
    if (output.isPresent() && !words.contains("--dry-run")) {
      assertThat(output.get()).as(place).exists();
    }
    boolean isText = output.filter(Files::isRegularFile).isPresent();
    return outcome.out() + outcome.err() + (isText ? Files.readString(output.get()) : "");
  }

  private Optional<Path> output(List<String> words) {
    int at = words.indexOf("--output");
    return at < 0 ? Optional.empty() : Optional.of(folder.resolve(words.get(at + 1)));
  }

  /** Paths in the folder are given as such, since this process is in another. */
  private Object[] here(List<String> words) {
    List<Object> args = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      boolean isOutput = i > 0 && words.get(i - 1).equals("--output");
      args.add(isOutput || i >= names(words) && isThere(word) ? folder.resolve(word) : word);
    }
    return args.toArray();
  }

  private boolean isThere(String word) {
    String first = word.split("/", 2)[0];
    return first.matches("[\\w.-]+") && Files.exists(folder.resolve(first));
  }

  private String serve(List<String> words) throws Exception {
    Path place = Files.createDirectories(folder.resolve("server"));
    Process process = Cli.start(place, here(words));
    try {
      Matcher address = ADDRESS.matcher("");
      while (process.isAlive() && !address.find()) {
        Thread.sleep(10);
        address = ADDRESS.matcher(Files.readString(place.resolve("stdout")));
      }
      assertThat(process.isAlive()).as(Files.readString(place.resolve("stderr"))).isTrue();
      String question = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi!\"}],\"max_tokens\":3}";
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address.group(1) + "/chat/completions"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(question))
              .build();
      String answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
      assertThat(answer).contains("\"role\":\"assistant\"");
      return answer;
    } finally {
      process.destroy();
      process.waitFor();
    }
  }
}
