package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.row.Judgement;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Numbers of other libraries' tests and of 150-digit arithmetic; the file tells each source. */
class PeerVectorsTest {

  private static final double RELATIVE = 1e-11;

  @ParameterizedTest
  @MethodSource("pairs")
  void losses_of_pairs_agree(JsonNode pairs) {
    PairwiseLoss loss = loss(pairs);
    for (int i = 0; i < pairs.get("losses").size(); i++) {
      LossResult result = loss.evaluate(ScoredBatch.of(ImmutableList.of(example(pairs, i))));
      assertClose(result.value(), pairs.get("losses").get(i).asDouble());
      if (pairs.path("d_chosen").path(i).isNumber()) {
        assertClose(result.gradient()[0][0], pairs.get("d_chosen").get(i).asDouble());
        assertClose(result.gradient()[0][1], pairs.get("d_rejected").get(i).asDouble());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("batches")
  void losses_of_batches_agree(JsonNode batch) {
    AlignmentLoss loss = batchLoss(batch);
    ScoredBatch scored =
        Scored.batch(
            IntStream.range(0, batch.get("policy_chosen_logps").size())
                .mapToObj(
                    i ->
                        ImmutableList.of(
                            completion(batch, "chosen", i), completion(batch, "rejected", i)))
                .toList());
    assertClose(loss.evaluate(scored).value(), batch.get("loss_of_batch").asDouble());
  }

  @Test
  void log_sigmoid_agrees() throws IOException {
    JsonNode vector = file().get("log_sigmoid");
    for (int i = 0; i < vector.get("x").size(); i++) {
      double expected = vector.get("y").get(i).asDouble();
      assertThat(Numerics.logSigmoid(vector.get("x").get(i).asDouble()))
          .isCloseTo(expected, within(2 * Math.ulp(expected)));
    }
  }

  @Test
  void log_of_one_minus_exponential_agrees() throws IOException {
    JsonNode vector = file().get("log1mexp");
    for (int i = 0; i < vector.get("x").size(); i++) {
      double expected = vector.get("y").get(i).asDouble();
      assertThat(Numerics.log1mexp(vector.get("x").get(i).asDouble()))
          .isCloseTo(expected, within(2 * Math.ulp(expected)));
    }
  }

  static Stream<Named<JsonNode>> pairs() throws IOException {
    return StreamSupport.stream(file().get("pairs").spliterator(), false)
        .map(pairs -> Named.of(pairs.get("source").asText(), pairs));
  }

  static Stream<Named<JsonNode>> batches() throws IOException {
    return StreamSupport.stream(file().get("batches").spliterator(), false)
        .map(batch -> Named.of(batch.get("source").asText(), batch));
  }

  private static JsonNode file() throws IOException {
    try (InputStream file = PeerVectorsTest.class.getResourceAsStream("peer_vectors.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(file));
    }
  }

  private static PairwiseLoss loss(JsonNode pairs) {
    PairwiseLoss plain = plain(pairs);
    return switch (pairs.path("divergence").asText("none")) {
      case "none" -> plain;
      case "forward-kl" -> plain.divergence(FDivergence.forwardKl());
      case "js" -> plain.divergence(FDivergence.jensenShannon());
      case "alpha" -> plain.divergence(FDivergence.alpha(pairs.get("alpha").asDouble()));
      default -> throw new AssertionError(pairs);
    };
  }

  private static PairwiseLoss plain(JsonNode pairs) {
    double beta = pairs.get("beta").asDouble();
    double smoothing = pairs.path("label_smoothing").asDouble();
    return switch (pairs.get("loss").asText()) {
      case "dpo" -> TR.dpo(beta).labelSmoothing(smoothing);
      case "ipo" -> TR.ipo(beta);
      case "ipo-mean" -> TR.ipoMean(beta);
      case "robust" -> TR.robust(beta, smoothing);
      case "hinge" -> TR.hinge(beta);
      case "dpo-norm" -> TR.dpoNorm(beta);
      case "exo" -> TR.exo(beta).labelSmoothing(smoothing);
      case "nca" -> TR.nca(beta);
      case "bco-pair" -> TR.bcoPair(beta);
      case "sppo-hard" -> TR.sppoHard(beta);
      case "apo-zero" -> TR.apoZero(beta);
      case "apo-down" -> TR.apoDown(beta);
      case "discopop" -> TR.discopop(beta).temperature(pairs.get("temperature").asDouble());
      case "odpo" -> TR.odpo(beta).offset(OdpoLoss.Offset.IDENTITY);
      case "cal-dpo" -> TR.calDpo(beta).calibration(pairs.get("calibration").asDouble());
      case "dpop" -> TR.dpop(beta).penalty(pairs.get("penalty").asDouble());
      case "simpo" -> TR.simpo(beta, pairs.get("gamma").asDouble());
      case "cpo" -> TR.cpo(beta).sftWeight(0);
      case "orpo" -> TR.orpo(beta);
      default -> throw new AssertionError(pairs);
    };
  }

  private static ScoredExample example(JsonNode pairs, int i) {
    return new ScoredExample(
        ImmutableList.of(completion(pairs, "chosen", i), completion(pairs, "rejected", i)),
        Judgement.NONE.margin(pairs.path("margin").asDouble()));
  }

  private static AlignmentLoss batchLoss(JsonNode batch) {
    double beta = batch.get("beta").asDouble();
    return switch (batch.get("loss").asText()) {
      case "aot" -> new AotLoss(beta, 0);
      case "aot-unpaired" -> new AotUnpairedLoss(beta, 0);
      default -> throw new AssertionError(batch);
    };
  }

  private static ScoredCompletion completion(JsonNode pairs, String which, int i) {
    return new ScoredCompletion(
        pairs.get("policy_" + which + "_logps").get(i).asDouble(),
        pairs.get("ref_" + which + "_logps").get(i).asDouble(),
        pairs.has(which + "_tokens") ? pairs.get(which + "_tokens").get(i).asInt() : 1);
  }

  /** Small numbers to their size, too; but decimal inputs that are no doubles may miss a zero. */
  private static void assertClose(double actual, double expected) {
    double tolerance = expected == 0 ? 1e-15 : RELATIVE * Math.abs(expected);
    assertThat(actual).isCloseTo(expected, within(tolerance));
  }
}
