package io.github.tralign.quickstart;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.djl.tokenizer.TextStream;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.SampledKl;
import io.github.tralign.generate.Sampling;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.TokenLogProbs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lets models answer the held-out questions, always with the same random numbers. */
final class CourtesyAnswers {

  private static final int TOKENS_AT_ONCE = 4096;

  private final CourtesySettings settings;
  private final List<Example> questions;
  private final CheckpointTokenizer tokenizer;
  private final Sampling drawn;

  /**
   * Answers to questions.
   *
   * @param questions the held-out pairs, whose prompts are answered
   * @param model the folder of the model
   */
  CourtesyAnswers(
      CourtesySettings settings,
      List<Example> questions,
      CheckpointTokenizer tokenizer,
      Path model) {
    this.settings = settings;
    this.questions = questions;
    this.tokenizer = tokenizer;
    GenerationConfig config = GenerationConfig.read(model).withEndOf(tokenizer);
    drawn =
        Sampling.ofModel()
            .maxNewTokens(settings.maxNewTokens())
            .endTokens(config.sampling().endTokens());
  }

  /** The most probable answer to each of the questions that are shown. */
  List<String> mostProbable(LanguageModel model) {
    int count = Math.min(settings.shown(), questions.size());
    List<List<Completion>> answers =
        model.generate(requests(drawn.temperature(0), questions.subList(0, count), 1));
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(text(questions.get(i), answers.get(i).get(0)));
    }
    return texts;
  }

  /** Drawn answers, and what is measured on them. */
  record Drawn(SampledKl kl, double courteous) {}

  /** Draws answers of a policy and scores them under the policy and the start. */
  Drawn draw(LanguageModel policy, LanguageModel start) {
    List<List<Completion>> answers =
        policy.generate(requests(drawn, questions, settings.samples()));
    List<Example> answered = new ArrayList<>();
    int courteous = 0;
    int all = 0;
    for (int i = 0; i < questions.size(); i++) {
      for (Completion answer : answers.get(i)) {
        Example question = questions.get(i);
        answered.add(
            new Example(question.prompt(), ImmutableList.of(answer.tokens()), question.origin()));
        courteous += CourtesyPair.isCourteous(text(question, answer)) ? 1 : 0;
        all++;
      }
    }
    return new Drawn(
        SampledKl.of(byQuestion(score(policy, answered)), byQuestion(score(start, answered))),
        (double) courteous / all);
  }

  private ImmutableList<GenerationRequest> requests(
      Sampling sampling, List<Example> asked, int samples) {
    ImmutableList.Builder<GenerationRequest> requests = ImmutableList.builder();
    for (int i = 0; i < asked.size(); i++) {
      requests.add(
          new GenerationRequest(asked.get(i).prompt(), samples, sampling, settings.seed(), i));
    }
    return requests.build();
  }

  private static List<Double> score(LanguageModel model, List<Example> answered) {
    List<Double> sums = new ArrayList<>();
    for (PreferenceBatch slice :
        new PreferenceBatch(ImmutableList.copyOf(answered)).microBatches(TOKENS_AT_ONCE)) {
      TokenLogProbs logps = model.score(slice);
      for (int i = 0; i < slice.size(); i++) {
        sums.add(logps.sum(i, 0));
      }
    }
    return sums;
  }

  private List<double[]> byQuestion(List<Double> sums) {
    List<double[]> grouped = new ArrayList<>();
    for (int i = 0; i < sums.size(); i += settings.samples()) {
      grouped.add(sums.subList(i, i + settings.samples()).stream().mapToDouble(it -> it).toArray());
    }
    return grouped;
  }

  private String text(Example question, Completion answer) {
    TextStream stream = TextStream.after(question.prompt(), tokenizer);
    StringBuilder text = new StringBuilder();
    boolean ended = answer.finish() == Completion.Finish.END_TOKEN;
    int end = answer.tokens().length() - (ended ? 1 : 0);
    answer.tokens().subArray(0, end).forEach(token -> text.append(stream.add(token)));
    return (text + stream.end()).strip() + (ended ? "" : " …");
  }
}
