package io.github.tralign.judge.arena;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableTable;
import com.google.common.collect.Table;
import io.github.tralign.InvalidInputException;
import io.github.tralign.judge.AnswerPair;
import io.github.tralign.judge.Answers;
import io.github.tralign.judge.JudgeOutcome;
import io.github.tralign.judge.JudgeOutcome.Case;
import io.github.tralign.judge.JudgePrompt;
import io.github.tralign.judge.JudgeTask;
import io.github.tralign.judge.client.ChatReply;
import io.github.tralign.judge.client.ChatSettings;
import io.github.tralign.judge.client.JudgeRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Arena-Hard of a model's answers beside the baseline's. */
public final class ArenaTask implements JudgeTask {

  private final ArenaForm form;
  private final String judge;
  private final ImmutableList<ArenaQuestion> questions;
  private final ImmutableList<AnswerPair> pairs;
  private final String model;
  private final String baseline;
  private final ArenaHard arena;

  /**
   * A comparison.
   *
   * @param judge the name of the judge in the file
   * @param questions those that are judged
   * @param model the file of the model's answers
   * @param baseline the file of the baseline's answers
   * @param prompt by the question's category
   * @throws InvalidInputException if a question has no answer
   */
  public ArenaTask(
      ArenaForm form,
      String judge,
      List<ArenaQuestion> questions,
      Path model,
      Path baseline,
      Function<String, JudgePrompt> prompt,
      ChatSettings settings) {
    this.form = form;
    this.judge = judge;
    this.questions = ImmutableList.copyOf(questions);
    Map<String, ArenaAnswer> answers = answers(form, model);
    Map<String, ArenaAnswer> others = answers(form, baseline);
    ImmutableList.Builder<AnswerPair> built = ImmutableList.builder();
    List<JudgePrompt> prompts = new ArrayList<>();
    for (ArenaQuestion question : questions) {
      built.add(
          new AnswerPair(
              question.prompt(), text(others, question, baseline), text(answers, question, model)));
      prompts.add(prompt.apply(question.category()));
    }
    pairs = built.build();
    this.model = answers.values().iterator().next().model();
    this.baseline = others.values().iterator().next().model();
    arena = new ArenaHard(form, pairs, prompts, settings);
  }

  /**
   * Reads questions.
   *
   * @throws InvalidInputException if a row is invalid or occurs twice, or there is none
   */
  public static ImmutableList<ArenaQuestion> questions(ArenaForm form, Path file) {
    Map<String, ArenaQuestion> questions = new LinkedHashMap<>();
    Answers.forEach(
        file,
        row -> {
          ArenaQuestion question = form.question(row);
          if (questions.put(question.id(), question) != null) {
            throw new InvalidInputException(
                row.origin() + ": question " + question.id() + " is in an earlier line too");
          }
        });
    return ImmutableList.copyOf(questions.values());
  }

  /**
   * Reads judgments.
   *
   * @throws InvalidInputException if a row is invalid or there is none
   */
  public static ImmutableList<Judgment> judgments(ArenaForm form, Path file) {
    ImmutableList.Builder<Judgment> judgments = ImmutableList.builder();
    Answers.forEach(file, row -> judgments.add(form.judgment(row)));
    return judgments.build();
  }

  private static Map<String, ArenaAnswer> answers(ArenaForm form, Path file) {
    Map<String, ArenaAnswer> answers = new LinkedHashMap<>();
    Answers.forEach(
        file,
        row -> {
          ArenaAnswer answer = form.answer(row);
          answers.put(answer.id(), answer); // the last one counts, as in Arena-Hard
        });
    return answers;
  }

  private static String text(Map<String, ArenaAnswer> answers, ArenaQuestion question, Path file) {
    ArenaAnswer answer = answers.get(question.id());
    if (answer == null) {
      throw new InvalidInputException(file + ": there is no answer to question " + question.id());
    }
    return answer.text();
  }

  @Override
  public List<JudgeRequest> requests() {
    return arena.requests();
  }

  @Override
  public List<JudgeRequest> more(ImmutableTable<Integer, Integer, ChatReply> replies) {
    return arena.secondAttempts(replies);
  }

  @Override
  public JudgeOutcome outcome(ImmutableTable<Integer, Integer, ChatReply> replies) {
    List<Judgment> judgments = new ArrayList<>();
    List<ObjectNode> rows = new ArrayList<>();
    ImmutableList.Builder<Case> cases = ImmutableList.builder();
    for (int i = 0; i < questions.size(); i++) {
      ArenaQuestion question = questions.get(i);
      Judgment judgment =
          new Judgment(question.id(), question.category(), model, arena.games(i, replies));
      judgments.add(judgment);
      rows.add(
          form.row(judgment, judge, baseline, List.of(arena.messages(i, 0), arena.messages(i, 1))));
      cases.add(shown(judgment, pairs.get(i)));
    }
    return new JudgeOutcome(
        values(form, judgments),
        model.replace('/', '_') + ".jsonl",
        JudgeOutcome.lines(rows),
        ImmutableList.of(
            model, baseline, "the judge, with " + baseline + " as A", "with " + model + " as A"),
        cases.build());
  }

  private static Case shown(Judgment judgment, AnswerPair pair) {
    double advantage = judgment.advantage(0) + judgment.advantage(1);
    boolean read = judgment.games().stream().allMatch(Game::isRead);
    return new Case(
        !read ? "unread" : advantage > 0 ? "win" : advantage < 0 ? "loss" : "tie",
        Math.abs(advantage),
        pair.instruction(),
        ImmutableList.of(
            pair.second(),
            pair.first(),
            judgment.games().get(0).judgment(),
            judgment.games().get(1).judgment()));
  }

  /** The score of each category, in percent. */
  public static Map<String, Object> values(ArenaForm form, List<Judgment> judgments) {
    Map<String, Object> values = new LinkedHashMap<>();
    List<String> categories = judgments.stream().map(Judgment::category).distinct().toList();
    for (String category : categories) {
      ArenaScore score =
          ArenaScore.of(
              form, judgments.stream().filter(it -> it.category().equals(category)).toList());
      String prefix = categories.size() == 1 ? "" : category + "/";
      values.put(prefix + "judgments", score.judgments());
      values.put(prefix + "unread_verdicts", score.unread());
      if (score.results() > 0) {
        values.put(prefix + "score", 100 * score.score());
        values.put(
            prefix + "score_interval",
            List.of(100 * score.interval().low(), 100 * score.interval().high()));
      }
    }
    return values;
  }

  /**
   * The scores of all models that a judge has judged with style control, in percent.
   *
   * @param judgments files of judgments, one for each model
   * @param answers files of answers: those of these models and the baseline
   * @param baseline the file of the baseline's answers
   * @param category the category that counts; null for all
   * @throws InvalidInputException if one has no metadata, or there are fewer than two models
   */
  public static Map<String, Object> styleControlled(
      ArenaForm form,
      List<Path> judgments,
      List<Path> answers,
      Path baseline,
      @Nullable String category) {
    Table<String, String, ArenaAnswer.Style> styles = HashBasedTable.create();
    for (Path file : answers) {
      answers(form, file)
          .values()
          .forEach(it -> it.style().ifPresent(style -> styles.put(it.model(), it.id(), style)));
    }
    List<Judgment> all =
        judgments.stream()
            .flatMap(it -> judgments(form, it).stream())
            .filter(it -> category == null || it.category().equals(category))
            .toList();
    String name = answers(form, baseline).values().iterator().next().model();
    Map<String, Object> values = new LinkedHashMap<>();
    new StyleControl(form, all, styles, name)
        .scores()
        .forEach(
            (model, score) -> {
              values.put(model, 100 * score.score());
              values.put(
                  model + "_interval",
                  List.of(100 * score.interval().low(), 100 * score.interval().high()));
            });
    return values;
  }
}
