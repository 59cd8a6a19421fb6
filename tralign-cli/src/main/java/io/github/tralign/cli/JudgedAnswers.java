package io.github.tralign.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.source.RecordFiles;
import io.github.tralign.file.Reason;
import io.github.tralign.judge.AnswerScores;
import io.github.tralign.judge.Answers;
import io.github.tralign.judge.JudgePrompt;
import io.github.tralign.judge.JudgeTask;
import io.github.tralign.judge.PairwiseJudge;
import io.github.tralign.judge.ScoresTask;
import io.github.tralign.judge.SideBySideTask;
import io.github.tralign.judge.alpaca.AlpacaTask;
import io.github.tralign.judge.alpaca.Annotation;
import io.github.tralign.judge.alpaca.GamedRow;
import io.github.tralign.judge.arena.ArenaQuestion;
import io.github.tralign.judge.arena.ArenaTask;
import io.github.tralign.judge.client.ChatSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is judged, and by which method. */
final class JudgedAnswers {

  private static final String CREATIVE_WRITING = "creative_writing";

  @Option(
      names = "--method",
      paramLabel = "NAME",
      description = {
        "side-by-side compares two models in both orders; scores gives each answer five scores;"
            + " alpaca-eval is AlpacaEval 2; arena-hard and arena-hard-v2 are Arena-Hard before and"
            + " since April 2025. Required."
      })
  private @Nullable JudgeMethod method;

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description = {
        "The model's answers: rows with 'instruction' and 'output', or 'prompt' and 'completion';"
            + " for Arena-Hard its own form. Required."
      })
  private @Nullable Path answers;

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description = {
        "The answers of the model that it is compared with, to the same instructions. Required for"
            + " all methods but scores."
      })
  private @Nullable Path baseline;

  @Option(
      names = "--questions",
      paramLabel = "FILE",
      description = "Arena-Hard's question.jsonl. Required for Arena-Hard.")
  private @Nullable Path questions;

  @Option(
      names = "--category",
      paramLabel = "NAME",
      description = "Judges only the questions of this category of Arena-Hard. Default: all.")
  private @Nullable String category;

  @Option(
      names = "--prompt",
      paramLabel = "FILE",
      description = {
        "The prompt for the judge. Default: the method's own, which --show-prompt prints."
      })
  private @Nullable Path prompt;

  @Option(names = "--show-prompt", description = "Prints the prompt and sends no request.")
  private boolean showPrompt;

  @Option(
      names = "--difficulty",
      paramLabel = "FILE",
      description = {
        "AlpacaEval's instruction_difficulty.csv, for its length control. Default: length control"
            + " without difficulties, as for instructions of your own."
      })
  private @Nullable Path difficulty;

  @Option(
      names = "--gamed",
      paramLabel = "FILE",
      description = {
        "AlpacaEval's df_gamed.csv, which has the difficulties too: length control as on its"
            + " leaderboard."
      })
  private @Nullable Path gamed;

  @Option(
      names = "--judged",
      paramLabel = "FILE",
      description = {
        "Computes the numbers from a finished annotations.json, or a file of Arena-Hard's"
            + " judgments, and sends no request."
      })
  private @Nullable Path judged;

  @Option(
      names = "--style-control",
      paramLabel = "DIR",
      description = {
        "Computes the scores with style control of all models that --judge has judged in"
            + " Arena-Hard's data folder, such as data/arena-hard-v2.0, and sends no request. --baseline is"
            + " the baseline's file there."
      })
  private @Nullable Path styleControl;

  boolean hasMethod() {
    return method != null;
  }

  JudgeMethod method() {
    return Refusal.given(method);
  }

  /** Whether everything has been judged before. */
  boolean asksNobody() {
    return judged != null || styleControl != null;
  }

  boolean showsPrompt() {
    return showPrompt;
  }

  /** The missing options, with their labels. */
  Map<String, Boolean> required() {
    return Map.of(
        "--answers FILE", answers != null,
        "--baseline FILE", baseline != null || method() == JudgeMethod.SCORES,
        "--questions FILE", questions != null || !method().isArena());
  }

  /** Rejects options of other methods. */
  void check() {
    JudgeMethod given = method();
    reject(baseline != null && given == JudgeMethod.SCORES, "--baseline");
    reject(questions != null && !given.isArena(), "--questions");
    reject(category != null && !given.isArena(), "--category");
    reject(difficulty != null && given != JudgeMethod.ALPACA_EVAL, "--difficulty");
    reject(gamed != null && given != JudgeMethod.ALPACA_EVAL, "--gamed");
    reject(judged != null && !given.isArena() && given != JudgeMethod.ALPACA_EVAL, "--judged");
    reject(styleControl != null && !given.isArena(), "--style-control");
    if (styleControl != null && baseline == null) {
      throw new InvalidInputException("missing: --baseline FILE");
    }
    if (gamed != null && difficulty != null) {
      throw new Refusal("--difficulty", "has no effect with --gamed, which has the difficulties");
    }
  }

  private void reject(boolean given, String option) {
    if (given) {
      throw new Refusal(option, "has no effect with --method " + method());
    }
  }

  /**
   * The numbers of files that have been judged.
   *
   * @param judge the judge's name in Arena-Hard's folder
   */
  Map<String, Object> values(String judge) {
    if (styleControl != null) {
      return ArenaTask.styleControlled(
          method().form(),
          RecordFiles.expand(styleControl.resolve("model_judgment").resolve(judge)),
          RecordFiles.expand(styleControl.resolve("model_answer")),
          Refusal.given(baseline),
          category);
    }
    Path file = Refusal.given(judged);
    return method() == JudgeMethod.ALPACA_EVAL
        ? AlpacaTask.values(Annotation.read(file), control())
        : ArenaTask.values(method().form(), ArenaTask.judgments(method().form(), file));
  }

  JudgeTask task(ChatSettings settings) {
    Path file = Refusal.given(answers);
    return switch (method()) {
      case SCORES -> new ScoresTask(Answers.read(file), prompt(""), settings);
      case SIDE_BY_SIDE ->
          new SideBySideTask(Answers.read(file), baselineAnswers(), prompt(""), settings);
      case ALPACA_EVAL ->
          new AlpacaTask(
              Answers.read(file),
              baselineAnswers(),
              settings.model(),
              control(),
              prompt(""),
              settings);
      case ARENA_HARD, ARENA_HARD_V2 ->
          new ArenaTask(
              method().form(),
              settings.model(),
              arenaQuestions(),
              file,
              Refusal.given(baseline),
              this::prompt,
              settings);
    };
  }

  private Answers baselineAnswers() {
    return Answers.read(Refusal.given(baseline));
  }

  private List<ArenaQuestion> arenaQuestions() {
    List<ArenaQuestion> all = ArenaTask.questions(method().form(), Refusal.given(questions));
    List<ArenaQuestion> chosen =
        all.stream().filter(it -> category == null || it.category().equals(category)).toList();
    if (chosen.isEmpty()) {
      throw new Refusal(
          "--category",
          questions
              + " has no question of "
              + category
              + "; it has "
              + String.join(
                  ", ", all.stream().map(ArenaQuestion::category).distinct().sorted().toList()));
    }
    return chosen;
  }

  /** The prompt, by the category of the question. */
  JudgePrompt prompt(String of) {
    List<String> placeholders =
        method() == JudgeMethod.SCORES ? AnswerScores.PLACEHOLDERS : PairwiseJudge.PLACEHOLDERS;
    if (prompt != null) {
      return JudgePrompt.read(prompt).require(placeholders, prompt.toString());
    }
    String name =
        !method().isArena()
            ? method().toString()
            : of.equals(CREATIVE_WRITING) ? "arena-hard-creative-writing" : "arena-hard";
    return JudgePrompt.named(name).require(placeholders, name);
  }

  /** The prompt to show. */
  JudgePrompt shownPrompt() {
    return prompt(Optional.ofNullable(category).orElse(""));
  }

  private AlpacaTask.Control control() {
    if (gamed != null) {
      ImmutableList<GamedRow> rows = GamedRow.read(gamed);
      int[] seen = {0}; // difficulties are those of the first rows with each index
      ImmutableDoubleArray difficulties =
          ImmutableDoubleArray.copyOf(
              rows.stream()
                  .filter(it -> it.index() == seen[0] && seen[0]++ >= 0)
                  .mapToDouble(GamedRow::difficulty));
      return new AlpacaTask.Control(Optional.of(difficulties), rows);
    }
    return difficulty == null
        ? AlpacaTask.Control.minimal()
        : new AlpacaTask.Control(Optional.of(numbers(difficulty)), ImmutableList.of());
  }

  /** The last column of a CSV file with a heading. */
  private static ImmutableDoubleArray numbers(Path file) {
    try {
      double[] numbers =
          Files.readAllLines(file).stream()
              .skip(1)
              .filter(it -> !it.isBlank())
              .mapToDouble(it -> Double.parseDouble(it.substring(it.lastIndexOf(',') + 1)))
              .toArray();
      if (!Doubles.asList(numbers).stream().allMatch(Double::isFinite)) {
        throw new NumberFormatException("not finite");
      }
      return ImmutableDoubleArray.copyOf(numbers);
    } catch (NumberFormatException e) {
      throw new InvalidInputException(file + ": the last column must have a number in each row", e);
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }
}
