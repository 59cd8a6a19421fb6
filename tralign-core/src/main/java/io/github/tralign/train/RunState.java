package io.github.tralign.train;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.data.StreamPosition;
import io.github.tralign.file.Reason;
import io.github.tralign.metrics.StepMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a run stands, apart from what the policy keeps itself: the content of a checkpoint's {@code
 * run.json}. Numbers are written so that they are read back bit for bit.
 *
 * @param settings what must not change, see {@link RunSettings}
 * @param counts of the run so far
 * @param first measurements of the first step
 * @param last measurements of the last step
 * @param skips steps whose loss or gradient was not finite
 * @param best the best evaluation
 * @param lossMemory what the loss carries from step to step
 * @param probe log-probabilities of the probe under the initial policy, [example][completion]; of
 *     length 0 where there is no probe
 * @param evaluation log-probabilities of the evaluation data under the initial policy, [in the
 *     order of scoring][completion]; of length 0 where there is none
 * @param window what was scored ahead
 * @param stream how far a stream of rows was read
 */
record RunState(
    Map<String, String> settings,
    Counts counts,
    Metrics first,
    Metrics last,
    Skips skips,
    Best best,
    Map<String, Double> lossMemory,
    double[][] probe,
    double[][] evaluation,
    Window window,
    StreamPosition stream) {

  private static final String FILE = "run.json";
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .setDefaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL));

  /**
   * How far the run has come.
   *
   * @param step optimizer steps done
   * @param examples examples seen, counting each time
   * @param tokens packed tokens trained on
   * @param referenceSeconds spent on scoring ahead
   * @param evaluationSeconds spent on evaluation data
   * @param trainingSeconds spent on everything else
   */
  record Counts(
      long step,
      long examples,
      long tokens,
      double referenceSeconds,
      double evaluationSeconds,
      double trainingSeconds) {}

  /** A step's measurements. */
  record Metrics(long step, Map<String, Double> values) {

    static Metrics of(StepMetrics metrics) {
      return new Metrics(metrics.step(), metrics.values());
    }

    StepMetrics metrics() {
      return new StepMetrics(step, ImmutableMap.copyOf(values));
    }
  }

  /**
   * Steps that were skipped.
   *
   * @param number of them
   * @param inARow how many of them were the latest steps
   * @param passed measurements of the last step that was not skipped; the reference's rule keeps
   *     its memory there
   */
  record Skips(long number, int inARow, Metrics passed) {}

  /**
   * The best evaluation.
   *
   * @param metric by which it is the best
   * @param step after which it was; 0 where there was none
   * @param value of the metric
   * @param evaluationsSince how many there were after it
   */
  record Best(String metric, long step, double value, int evaluationsSince) {
    static final Best NONE = new Best("", 0, 0, 0);
  }

  /**
   * The log-probabilities that were scored ahead under the reference.
   *
   * @param end steps done when they are needed no more; 0 where nothing was scored
   * @param keys of the examples, see {@link KeyedBatch}
   * @param scores [example][completion]
   */
  record Window(long end, long[] keys, double[][] scores) {
    static final Window NONE = new Window(0, new long[0], new double[0][]);
  }

  /** Before the first step. */
  static RunState start() {
    Metrics start = Metrics.of(StepMetrics.start());
    return new RunState(
        Map.of(),
        new Counts(0, 0, 0, 0, 0, 0),
        start,
        start,
        new Skips(0, 0, start),
        Best.NONE,
        Map.of(),
        new double[0][],
        new double[0][],
        Window.NONE,
        StreamPosition.START);
  }

  long step() {
    return counts.step();
  }

  void write(Path folder) throws IOException {
    Files.write(folder.resolve(FILE), JSON.writeValueAsBytes(this));
  }

  /**
   * Reads a checkpoint's.
   *
   * @throws InvalidInputException if there is none, or not of this version
   */
  static RunState read(Checkpoint checkpoint) {
    Path file = checkpoint.path().resolve(FILE);
    try {
      RunState state = JSON.readValue(Files.readAllBytes(file), RunState.class);
      if (state == null) {
        throw new InvalidInputException(file + ": is invalid: null");
      }
      return state;
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          file + ": is invalid, or of another version of tralign: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }
}
