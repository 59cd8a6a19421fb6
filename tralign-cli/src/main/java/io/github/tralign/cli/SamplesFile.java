package io.github.tralign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.djl.tokenizer.TextStream;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.Reason;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.Completion.Finish;
import io.github.tralign.train.StepSamples;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes {@code samples.jsonl}: a line for each completion of a run's prompts. A run that is
 * resumed keeps the lines of the steps that it has done.
 */
final class SamplesFile implements TrainingListener {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final CheckpointTokenizer tokenizer;
  private final ImmutableList<ImmutableIntArray> prompts;
  private final ImmutableList<String> shown; // the prompts for people
  private String lines = "";

  SamplesFile(Path file, CheckpointTokenizer tokenizer, SampledPrompts prompts) {
    this.file = file;
    this.tokenizer = tokenizer;
    this.prompts = prompts.settings().prompts();
    this.shown = prompts.shown();
  }

  @Override
  public void onStart(TrainingPlan plan) {
    lines = "";
    if (plan.stepsDone() == 0 || !Files.exists(file)) {
      return;
    }
    StringBuilder kept = new StringBuilder();
    try {
      for (String line : Files.readAllLines(file)) {
        JsonNode row = JSON.readTree(line);
        if (row.path("step").asLong() <= plan.stepsDone()) {
          kept.append(line).append('\n');
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + Reason.of(e), e);
    }
    lines = kept.toString();
  }

  @Override
  public void onSamples(StepSamples samples) {
    StringBuilder all = new StringBuilder(lines);
    for (int i = 0; i < samples.completions().size(); i++) {
      all.append(line(samples.step(), i, samples.completions().get(i))).append('\n');
    }
    lines = all.toString();
    AtomicFile.writeString(file, lines); // whole at any time
  }

  private String line(long step, int index, Completion completion) {
    return JSON.createObjectNode()
        .put("step", step)
        .put("index", index)
        .put("prompt", shown.get(index))
        .put("completion", text(prompts.get(index), completion, tokenizer))
        .put("tokens", completion.tokens().length())
        .put("finish", completion.finish() == Finish.END_TOKEN ? "stop" : "length")
        .put("logp", completion.logProb())
        .toString();
  }

  /** The text of a completion, without the end token. */
  static String text(
      ImmutableIntArray prompt, Completion completion, CheckpointTokenizer tokenizer) {
    TextStream stream = TextStream.after(prompt, tokenizer);
    StringBuilder text = new StringBuilder();
    int end = completion.tokens().length() - (completion.finish() == Finish.END_TOKEN ? 1 : 0);
    completion.tokens().subArray(0, end).forEach(token -> text.append(stream.add(token)));
    return text + stream.end();
  }
}
