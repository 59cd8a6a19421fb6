package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.TR;
import java.util.Objects;
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
          .put("cpo", TrlLossesTest::cpo)
          .put("cpo-hinge", it -> TR.cpoHinge(beta(it)).sftWeight(sftWeight(it)))
          .put("cpo-ipo", it -> TR.cpoIpo(beta(it)).sftWeight(sftWeight(it)))
          .put("simpo", TrlLossesTest::simpo)
          .put("alphapo", it -> TR.alphapo(beta(it), gamma(it), it.get("alpha").asDouble()))
          .put("orpo", it -> TR.orpo(beta(it)))
          .put("aot", it -> TR.aot(beta(it)).labelSmoothing(smoothing(it)))
          .put("sum", TrlLossesTest::sum)
          .put("sft", it -> TR.sft())
          .build();

  /** Those that need what is known of single tokens; {@code TrlTokenLossesTest} compares them. */
  private static final ImmutableSet<String> OF_TOKENS = ImmutableSet.of("ld_alpha", "wpo");

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
        .filter(it -> OF_TOKENS.stream().noneMatch(it.get("options")::has))
        .map(it -> Named.of(it.get("source").asText() + " on " + it.get("batch").asText(), it));
  }

  /** Without those whose rows are coupled. */
  static Stream<Named<JsonNode>> rowwise() {
    return cases().filter(it -> it.getPayload().has("values") && loss(it.getPayload()).separable());
  }

  /**
   * Without SFT: TRL reports rewards against its reference, SFT here has none. Nor with a
   * divergence: the reward that TRL reports is not the one in its loss.
   */
  static Stream<Named<JsonNode>> rewarded() {
    return cases()
        .filter(it -> !it.getPayload().get("loss").asText().equals("sft"))
        .filter(it -> !it.getPayload().get("options").has("divergence"));
  }

  private static AlignmentLoss loss(JsonNode golden) {
    JsonNode options = golden.get("options");
    AlignmentLoss plain = LOSSES.get(golden.get("loss").asText()).apply(options);
    return options.has("divergence")
        ? ((PairwiseLoss) plain).divergence(divergence(options))
        : plain;
  }

  private static FDivergence divergence(JsonNode options) {
    return switch (options.get("divergence").asText()) {
      case "forward_kl" -> FDivergence.forwardKl();
      case "js_divergence" -> FDivergence.jensenShannon();
      case "alpha_divergence" -> FDivergence.alpha(options.get("alpha").asDouble());
      default -> throw new AssertionError(options);
    };
  }

  private static AlignmentLoss cpo(JsonNode options) {
    return TR.cpo(beta(options)).labelSmoothing(smoothing(options)).sftWeight(sftWeight(options));
  }

  private static AlignmentLoss simpo(JsonNode options) {
    SimpoLoss simpo = TR.simpo(beta(options), gamma(options)).labelSmoothing(smoothing(options));
    return sftWeight(options) == 0 ? simpo : simpo.plus(sftWeight(options), TR.sft());
  }

  private static AlignmentLoss sum(JsonNode options) {
    AlignmentLoss sum = null;
    for (JsonNode term : options.get("terms")) {
      AlignmentLoss loss = LOSSES.get(term.get("loss").asText()).apply(options);
      double weight = term.get("weight").asDouble();
      sum = sum == null ? loss.times(weight) : sum.plus(weight, loss);
    }
    return Objects.requireNonNull(sum);
  }

  private static double gamma(JsonNode options) {
    return options.get("gamma").asDouble();
  }

  private static double sftWeight(JsonNode options) {
    return options.get("sft_weight").asDouble();
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
