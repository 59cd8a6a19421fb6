package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.PairwiseLoss;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What TRL's trainer computes where losses look at single tokens: LD-DPO and WPO. */
class TrlTokenLossesTest {

  private static final JsonNode FILE = read();

  @ParameterizedTest
  @MethodSource("cases")
  void value_and_derivative_of_each_token_are_those_of_trl(JsonNode golden) {
    AlignmentLoss loss = loss(golden);
    JsonNode tokens = FILE.get("batches").get("tokens");
    PreferenceBatch batch = batch(tokens);
    TokenLogProbs policy =
        new TokenLogProbs(
            batch,
            values(tokens, "policy"),
            Map.of(TokenStatistic.COLLISION, values(tokens, "log_sum_squares")));
    TokenLogProbs reference = new TokenLogProbs(batch, values(tokens, "reference"));

    Scoring scoring = new Scoring(loss);
    var scored = scoring.examples(batch, policy, scoring.sums(batch, reference));
    LossResult result = loss.evaluate(ScoredBatch.of(scored));
    assertThat(result.value()).isCloseTo(golden.get("value").asDouble(), within(1e-11));
    double[] slopes = scoring.tokenGradient(batch, policy, result, 0).logProbs();
    assertThat(slopes).containsExactly(values(golden, "d"), within(1e-12));
  }

  /** TRL divides a part of the tokens by the number of all, and weighs by all of them. */
  @ParameterizedTest
  @MethodSource("refused")
  void what_trl_computes_of_unlike_tokens_is_refused(JsonNode golden) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loss(golden))
        .withMessageContaining("every token counts 1");
  }

  static Stream<Named<JsonNode>> cases() {
    return goldens(false);
  }

  static Stream<Named<JsonNode>> refused() {
    return goldens(true);
  }

  private static Stream<Named<JsonNode>> goldens(boolean mixed) {
    return StreamSupport.stream(FILE.get("cases").spliterator(), false)
        .filter(it -> it.get("batch").asText().equals("tokens"))
        .filter(it -> mixed == isMixed(it))
        .map(it -> Named.of(it.get("source").asText(), it));
  }

  private static boolean isMixed(JsonNode golden) {
    JsonNode options = golden.get("options");
    return options.has("ld_alpha")
        && (options.has("wpo") || golden.get("loss").asText().equals("ipo-mean"));
  }

  private static AlignmentLoss loss(JsonNode golden) {
    JsonNode options = golden.get("options");
    AlignmentLoss loss = plain(golden.get("loss").asText(), options.get("beta").asDouble());
    if (options.path("wpo").asBoolean()) {
      loss = ((PairwiseLoss) loss).wpo();
    }
    return options.has("ld_alpha")
        ? loss.lengthDesensitized(options.get("ld_alpha").asDouble())
        : loss;
  }

  private static AlignmentLoss plain(String name, double beta) {
    return switch (name) {
      case "dpo" -> TR.dpo(beta);
      case "hinge" -> TR.hinge(beta);
      case "ipo-mean" -> TR.ipoMean(beta);
      case "nca" -> TR.nca(beta);
      case "apo-zero" -> TR.apoZero(beta);
      case "robust" -> TR.robust(beta, 0);
      case "aot" -> TR.aot(beta);
      default -> throw new AssertionError(name);
    };
  }

  private static PreferenceBatch batch(JsonNode tokens) {
    ImmutableList.Builder<Example> pairs = ImmutableList.builder();
    for (int i = 0; i < tokens.get("policy_chosen").size(); i++) {
      int chosen = tokens.get("policy_chosen").get(i).size();
      int rejected = tokens.get("policy_rejected").get(i).size();
      pairs.add(Example.pair(new int[1], new int[chosen], ones(rejected)));
    }
    return new PreferenceBatch(pairs.build());
  }

  private static int[] ones(int length) {
    int[] tokens = new int[length];
    Arrays.fill(tokens, 1);
    return tokens;
  }

  /** Numbers of chosen and rejected tokens, pair by pair. */
  private static double[] values(JsonNode from, String name) {
    List<Double> values = new ArrayList<>();
    JsonNode chosen = from.get(name + "_chosen");
    for (int i = 0; i < chosen.size(); i++) {
      chosen.get(i).forEach(it -> values.add(it.asDouble()));
      from.get(name + "_rejected").get(i).forEach(it -> values.add(it.asDouble()));
    }
    return Doubles.toArray(values);
  }

  private static JsonNode read() {
    String file = "/io/github/tralign/loss/trl_losses.json";
    try (InputStream in = TrlTokenLossesTest.class.getResourceAsStream(file)) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
