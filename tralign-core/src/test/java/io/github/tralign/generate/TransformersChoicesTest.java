package io.github.tralign.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.hash.Hashing;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which tokens are left to a draw, compared with transformers' processors. */
class TransformersChoicesTest {

  private static final int PROMPT = 3;

  @Test
  void greedy_choices_kept_tokens_and_their_distribution_are_those_of_transformers()
      throws IOException {
    JsonNode file;
    try (InputStream in =
        Objects.requireNonNull(
            getClass().getResourceAsStream("transformers_choices.json"), "golden file")) {
      file = new ObjectMapper().readTree(in);
    }
    assertThat(file.get("cases")).hasSize(1000);
    for (JsonNode row : file.get("cases")) {
      Map<String, JsonNode> columns = new HashMap<>();
      for (int i = 0; i < row.size(); i++) {
        columns.put(file.get("columns").get(i).asText(), row.get(i));
      }
      check(new Case(columns));
    }
  }

  private static void check(Case golden) {
    Sampling sampling = golden.sampling();
    float[] logits = golden.logits();
    float[] unchanged = logits.clone();
    History history = golden.history();
    int greedy = TokenChoice.of(sampling.temperature(0), logits, history, () -> 0);
    assertThat(greedy).as(golden.toString()).isEqualTo(golden.number("greedy"));
    float[] penalized = Penalties.apply(sampling, logits, history);
    Candidates candidates = TokenChoice.candidates(sampling, penalized, penalized[greedy]);
    int[] kept = candidates.ids();
    assertThat(kept.length).as(golden.toString()).isEqualTo(golden.number("kept"));
    assertThat(Hashing.sha256().hashString(Ints.join(",", kept), StandardCharsets.UTF_8).toString())
        .as(golden.toString())
        .startsWith(golden.text("sha256"));
    assertThat(mean(candidates))
        .as(golden.toString())
        .isCloseTo(golden.value("mean"), within(1e-6 * golden.number("vocabulary")));
    assertThat(logits).as("not changed").containsExactly(unchanged);
  }

  private static double mean(Candidates candidates) {
    int[] ids = candidates.ids();
    double[] probabilities = candidates.probabilities();
    return IntStream.range(0, ids.length).mapToDouble(i -> ids[i] * probabilities[i]).sum();
  }

  /** Settings, and logits and tokens before as the maker of the file computes them. */
  private record Case(Map<String, JsonNode> columns) {

    String text(String column) {
      return Objects.requireNonNull(columns.get(column), column).asText();
    }

    int number(String column) {
      return Integer.parseInt(text(column));
    }

    double value(String column) {
      return Double.parseDouble(text(column));
    }

    Sampling sampling() {
      return Sampling.ofModel()
          .temperature(value("temperature"))
          .topK(number("top_k"))
          .topP(value("top_p"))
          .minP(value("min_p"))
          .repetitionPenalty(value("repetition_penalty"))
          .noRepeatNgramSize(number("no_repeat_ngram_size"))
          .minNewTokens(number("min_new_tokens"))
          .endTokens(Set.of(0, 2));
    }

    float[] logits() {
      float[] logits = new float[number("vocabulary")];
      for (int i = 0; i < logits.length; i++) {
        int u = bits(number("seed"), i);
        logits[i] =
            switch (text("shape")) {
              case "even" -> u / 0x1p20f - 8;
              case "peaked" -> (u >> 12) * (u >> 12) / 0x1p20f - 4;
              case "ties" -> sumOfFields(u) / 8 / 2f - 8;
              case "flat" -> (u & 3) / 4f;
              case "banned" -> u % 3 == 0 ? Float.NEGATIVE_INFINITY : u / 0x1p21f - 4;
              default -> throw new IllegalStateException(text("shape"));
            };
      }
      return logits;
    }

    private static int sumOfFields(int u) {
      return (u & 63) + (u >> 6 & 63) + (u >> 12 & 63) + (u >> 18 & 63);
    }

    History history() {
      int vocabulary = number("vocabulary");
      int[] tokens = new int[number("history")];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = bits(number("seed"), vocabulary + i) % Math.min(vocabulary, 5);
      }
      ImmutableIntArray all = ImmutableIntArray.copyOf(tokens);
      History history = new History(all.subArray(0, PROMPT));
      all.subArray(PROMPT, tokens.length).forEach(history::add);
      return history;
    }

    private static int bits(long seed, int i) {
      long z = ((seed << 32) + i) * 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return (int) ((z ^ (z >>> 31)) >>> 40);
    }
  }
}
