package io.github.tralign.loss;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.TR;
import io.github.tralign.data.row.Judgement;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What TRL computes for the losses that couple a batch or read labelled completions. */
class TrlCoupledLossesTest {

  private static final Set<String> NAMES =
      Set.of("aot", "aot-unpaired", "kto", "apo-zero-unpaired");
  private static final Set<String> OPTIONS =
      Set.of("beta", "label_smoothing", "desirable_weight", "undesirable_weight");
  private static final double DOUBLE = 1e-13;
  private static final double FLOAT = 2e-7;

  @ParameterizedTest
  @MethodSource("cases")
  void value_gradient_and_rewards_agree(JsonNode it) throws IOException {
    JsonNode batch = file("trl_losses.json").get("batches").get(it.get("batch").asText());
    AlignmentLoss loss = loss(it);
    ScoredBatch scored = batch.has("desirable") ? labelled(batch) : pairs(batch);
    assertAgrees(loss.evaluate(scored), loss, scored, it, DOUBLE);
  }

  @Test
  void all_of_them_are_there() throws IOException {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(30);
    assertThat(cases().map(it -> it.getPayload().get("loss").asText()).distinct())
        .containsExactlyInAnyOrderElementsOf(NAMES);
  }

  /** Step by step; in evaluation TRL uses the shift without moving it, which we never do. */
  @Test
  void steps_of_bco_agree() throws IOException {
    JsonNode file = file("bco_losses.json");
    assertThat(file.get("runs")).hasSize(2);
    for (JsonNode run : file.get("runs")) {
      AlignmentLoss loss = loss(run);
      ImmutableMap<String, Double> memory = ImmutableMap.of();
      for (JsonNode step : run.get("steps")) {
        if (step.get("training").asBoolean()) {
          ScoredBatch batch =
              labelled(file.get("batches").get(step.get("batch").asText())).withMemory(memory);
          LossResult result = loss.evaluate(batch);
          assertAgrees(result, loss, batch, step, FLOAT);
          memory = result.memory();
        }
      }
    }
  }

  static Stream<Named<JsonNode>> cases() throws IOException {
    return StreamSupport.stream(file("trl_losses.json").get("cases").spliterator(), false)
        .filter(it -> NAMES.contains(it.get("loss").asText()))
        .filter(it -> OPTIONS.containsAll(ImmutableSet.copyOf(it.get("options").fieldNames())))
        .map(it -> Named.of(it.get("source").asText() + ", " + it.get("batch").asText(), it));
  }

  private static AlignmentLoss loss(JsonNode it) {
    JsonNode options = it.get("options");
    double beta = options.get("beta").asDouble();
    double smoothing = options.path("label_smoothing").asDouble(0);
    double good = options.path("desirable_weight").asDouble(1);
    double bad = options.path("undesirable_weight").asDouble(1);
    return switch (it.get("loss").asText()) {
      case "aot" -> TR.aot(beta).labelSmoothing(smoothing);
      case "aot-unpaired" -> TR.aotUnpaired(beta).labelSmoothing(smoothing);
      case "kto" -> TR.kto(beta).weights(good, bad);
      case "apo-zero-unpaired" -> TR.apoZeroUnpaired(beta).weights(good, bad);
      case "bco" -> TR.bco(beta);
      default -> throw new AssertionError(it);
    };
  }

  private static void assertAgrees(
      LossResult result, AlignmentLoss loss, ScoredBatch batch, JsonNode expected, double close) {
    assertClose(result.value(), expected.get("value"), close);
    String[] kinds =
        expected.has("rewards") ? new String[] {""} : new String[] {"_chosen", "_rejected"};
    for (int i = 0; i < batch.size(); i++) {
      for (int k = 0; k < kinds.length; k++) {
        assertClose(loss.reward(batch.get(i, k)), expected.get("rewards" + kinds[k]).get(i), close);
        if (expected.has("d" + kinds[k])) { // not where equal values are in any order
          assertClose(result.gradient()[i][k], expected.get("d" + kinds[k]).get(i), close);
        }
      }
    }
    for (String metric : result.metrics().keySet()) {
      assertClose(result.metrics().get(metric), expected.get(metric), close);
    }
  }

  private static void assertClose(double actual, JsonNode expected, double close) {
    Offset<Double> offset = within(close * (1 + Math.abs(expected.asDouble())));
    assertThat(actual).isCloseTo(expected.asDouble(), offset);
  }

  private static ScoredBatch pairs(JsonNode batch) {
    return ScoredBatch.of(
        rows(batch.get("policy_chosen"))
            .mapToObj(
                i ->
                    Scored.example(
                        ImmutableList.of(
                            completion(batch, "policy_chosen", "reference_chosen", i),
                            completion(batch, "policy_rejected", "reference_rejected", i))))
            .collect(toImmutableList()));
  }

  private static ScoredBatch labelled(JsonNode batch) {
    return ScoredBatch.of(
            rows(batch.get("policy"))
                .mapToObj(
                    i ->
                        new ScoredExample(
                            ImmutableList.of(completion(batch, "policy", "reference", i)),
                            Judgement.labelled(batch.get("desirable").get(i).asBoolean())))
                .collect(toImmutableList()))
        .withMismatched(
            rows(batch.get("mismatched_policy"))
                .mapToObj(i -> completion(batch, "mismatched_policy", "mismatched_reference", i))
                .collect(toImmutableList()));
  }

  private static IntStream rows(JsonNode values) {
    return IntStream.range(0, values.size());
  }

  private static ScoredCompletion completion(
      JsonNode batch, String policy, String reference, int i) {
    return new ScoredCompletion(
        batch.get(policy).get(i).asDouble(), batch.get(reference).get(i).asDouble(), 1);
  }

  private static JsonNode file(String name) throws IOException {
    try (InputStream file = TrlCoupledLossesTest.class.getResourceAsStream(name)) {
      return new ObjectMapper().readTree(Objects.requireNonNull(file));
    }
  }
}
