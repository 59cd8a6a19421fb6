package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.TR;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values, derivatives and rewards that TRL's own trainers compute for the same batches. */
class TrlLossesTest {

  /** How each loss is made from the options of a case. */
  private static final ImmutableMap<String, Function<JsonNode, AlignmentLoss>> LOSSES =
      ImmutableMap.<String, Function<JsonNode, AlignmentLoss>>builder()
          .put("dpo", it -> TR.dpo(beta(it)))
          .put("hinge", it -> TR.hinge(beta(it)))
          .put("ipo-mean", it -> TR.ipoMean(beta(it)))
          .put("dpo-norm", it -> TR.dpoNorm(beta(it)))
          .put("exo", it -> TR.exo(beta(it)).labelSmoothing(smoothing(it)))
          .put("nca", it -> TR.nca(beta(it)))
          .put("robust", it -> TR.robust(beta(it), smoothing(it)))
          .put("bco-pair", it -> TR.bcoPair(beta(it)))
          .put("sppo-hard", it -> TR.sppoHard(beta(it)))
          .put("apo-zero", it -> TR.apoZero(beta(it)))
          .put("apo-down", it -> TR.apoDown(beta(it)))
          .put("discopop", it -> TR.discopop(beta(it)).temperature(it.path("tau").asDouble(0.05)))
          .put("sft", it -> TR.sft())
          .build();

  private static final ImmutableSet<String> MODIFIERS =
      ImmutableSet.of("divergence", "ld_alpha", "wpo");

  @ParameterizedTest
  @MethodSource("cases")
  void value_and_derivatives_are_those_of_trl(JsonNode golden) {
    LossResult result = loss(golden).evaluate(TrlLosses.batch(golden.get("batch").asText()));
    assertClose(result.value(), golden.get("value"), golden);
    for (int i = 0; i < result.gradient().length; i++) {
      double[] slopes = result.gradient()[i];
      if (golden.has("d")) {
        assertClose(slopes[0], golden.get("d").get(i), golden);
      } else if (golden.has("d_chosen")) {
        assertClose(slopes[0], golden.get("d_chosen").get(i), golden);
        assertClose(slopes[1], golden.get("d_rejected").get(i), golden);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rowwise")
  void the_loss_of_each_row_alone_is_that_of_trl(JsonNode golden) {
    ScoredBatch batch = TrlLosses.batch(golden.get("batch").asText());
    for (int i = 0; i < batch.size(); i++) {
      ScoredBatch row = ScoredBatch.of(ImmutableList.of(batch.get(i)));
      assertClose(loss(golden).evaluate(row).value(), golden.get("values").get(i), golden);
    }
  }

  @ParameterizedTest
  @MethodSource("rewarded")
  void rewards_are_those_of_trl(JsonNode golden) {
    ScoredBatch batch = TrlLosses.batch(golden.get("batch").asText());
    AlignmentLoss loss = loss(golden);
    for (int i = 0; i < batch.size(); i++) {
      if (golden.has("rewards")) {
        assertClose(loss.reward(batch.get(i, 0)), golden.get("rewards").get(i), golden);
      } else {
        assertClose(loss.reward(batch.get(i, 0)), golden.get("rewards_chosen").get(i), golden);
        assertClose(loss.reward(batch.get(i, 1)), golden.get("rewards_rejected").get(i), golden);
      }
    }
  }

  static Stream<Named<JsonNode>> cases() {
    return TrlLosses.cases()
        .filter(it -> LOSSES.containsKey(it.get("loss").asText()))
        .filter(it -> MODIFIERS.stream().noneMatch(it.get("options")::has))
        .map(it -> Named.of(it.get("source").asText() + " on " + it.get("batch").asText(), it));
  }

  /** Without those whose rows are coupled. */
  static Stream<Named<JsonNode>> rowwise() {
    return cases().filter(it -> it.getPayload().has("values") && loss(it.getPayload()).separable());
  }

  /** Without SFT: TRL reports rewards against its reference, SFT here has none. */
  static Stream<Named<JsonNode>> rewarded() {
    return cases().filter(it -> !it.getPayload().get("loss").asText().equals("sft"));
  }

  private static AlignmentLoss loss(JsonNode golden) {
    return LOSSES.get(golden.get("loss").asText()).apply(golden.get("options"));
  }

  private static double beta(JsonNode options) {
    return options.get("beta").asDouble();
  }

  private static double smoothing(JsonNode options) {
    return options.path("label_smoothing").asDouble();
  }

  /** To the precision in which TRL computed the case. */
  private static void assertClose(double actual, JsonNode expected, JsonNode golden) {
    boolean single = golden.path("precision").asText().equals("float32");
    double size = Math.abs(expected.asDouble());
    assertThat(actual)
        .isCloseTo(expected.asDouble(), within(single ? 1e-5 * size + 1e-6 : 1e-11 * size + 1e-15));
  }
}
