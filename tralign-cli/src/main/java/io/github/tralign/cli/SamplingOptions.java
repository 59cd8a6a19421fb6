package io.github.tralign.cli;

import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.generate.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How tokens are chosen, and when a completion ends. Options take precedence over the folder. */
final class SamplingOptions {

  private static final String GREEDY = "--greedy";
  private static final long DEFAULT_SEED = 42;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description =
          "Maximum tokens of a completion. Default: the model's own, else 256, in chat 1,024.")
  private @Nullable Integer maxNewTokens;

  @Option(
      names = GREEDY,
      description = "Takes the most probable token each time. Default: the model's own choice.")
  private boolean greedy;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = {
        "Divides the logits: higher is more random, 0 is greedy. Turns sampling on. Default: the"
            + " model's own, else 1."
      })
  private @Nullable Double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = {
        "Samples from the K most probable tokens; 0 for all. Turns sampling on. Default: the model's"
            + " own, else 50 when sampling is on, in serve 0."
      })
  private @Nullable Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = {
        "Smallest set of the most probable tokens whose probabilities sum to at least P, in (0, 1]."
            + " Turns sampling on. Default: the model's own, else 1."
      })
  private @Nullable Double topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = {
        "Leaves out tokens less probable than P times the most probable one, in [0, 1]. Turns"
            + " sampling on. Default: the model's own, else 0."
      })
  private @Nullable Double minP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "F",
      description = {
        "Above 1, lowers the probability of tokens that occurred in prompt or completion. Default:"
            + " the model's own, else 1."
      })
  private @Nullable Double repetitionPenalty;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = {
        "Ends a completion at this text, which is cut off. May be given several times. Default: the"
            + " model's own, which is usually none."
      })
  private List<String> stops = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Random seed of sampling. Default: " + DEFAULT_SEED + ".")
  private @Nullable Long seed;

  long seed() {
    return seed == null ? DEFAULT_SEED : seed;
  }

  /** A model's settings with these options. */
  GenerationConfig applyTo(GenerationConfig config) {
    if (stops.contains("")) {
      throw new Refusal("--stop", "must not be an empty text");
    }
    boolean sampled = sampled();
    Sampling sampling = config.sampling();
    if (greedy || temperature != null) {
      sampling = sampling.temperature(temperature == null ? 0 : temperature);
    } else if (sampled && sampling.isGreedy()) {
      sampling = sampling.temperature(config.temperature() > 0 ? config.temperature() : 1);
    }
    sampling = topK == null ? sampling : sampling.topK(topK);
    sampling = topP == null ? sampling : sampling.topP(topP);
    sampling = minP == null ? sampling : sampling.minP(minP);
    sampling = repetitionPenalty == null ? sampling : sampling.repetitionPenalty(repetitionPenalty);
    GenerationConfig applied = config.sampling(sampling);
    if (maxNewTokens != null) {
      applied.sampling().maxNewTokens(maxNewTokens); // reports what is out of range
      applied = applied.maxNewTokens(maxNewTokens);
    }
    return stops.isEmpty() ? applied : applied.stopStrings(stops);
  }

  /** Whether options turn sampling on. */
  private boolean sampled() {
    boolean zero = temperature != null && temperature == 0;
    List<String> given =
        Stream.of(
                temperature == null || zero ? "" : "--temperature",
                topK == null ? "" : "--top-k",
                topP == null ? "" : "--top-p",
                minP == null ? "" : "--min-p")
            .filter(it -> !it.isEmpty())
            .toList();
    if ((greedy || zero) && (!given.isEmpty() || seed != null)) {
      throw new Refusal(
          given.isEmpty() ? "--seed" : given.get(0),
          "has no effect with " + (greedy ? GREEDY : "--temperature 0"));
    }
    return !given.isEmpty();
  }
}
