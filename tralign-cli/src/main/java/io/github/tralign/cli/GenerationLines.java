package io.github.tralign.cli;

import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.generate.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is in effect, for people to read before it starts. */
final class GenerationLines {

  static final String TEXTS =
      "prompts that are texts are continued as they are; conversations ('messages') use the chat"
          + " template";

  private GenerationLines() {}

  static List<String> of(GenerationConfig config, CheckpointTokenizer tokenizer, long seed) {
    List<String> lines = new ArrayList<>();
    lines.add("decoding: " + choice(config.sampling(), seed));
    lines.add("a completion ends: " + ends(config, tokenizer));
    return lines;
  }

  private static String choice(Sampling sampling, long seed) {
    List<String> parts = new ArrayList<>();
    if (sampling.isGreedy()) {
      parts.add("greedy");
    } else {
      parts.add("temperature " + number(sampling.temperature()));
      parts.add(sampling.topK() == 0 ? "" : "top-k " + sampling.topK());
      parts.add(sampling.topP() == 1 ? "" : "top-p " + number(sampling.topP()));
      parts.add(sampling.minP() == 0 ? "" : "min-p " + number(sampling.minP()));
      parts.add("random seed " + seed);
    }
    parts.add(
        sampling.repetitionPenalty() == 1
            ? ""
            : "repetition penalty " + number(sampling.repetitionPenalty()));
    parts.add(
        sampling.noRepeatNgramSize() == 0
            ? ""
            : "no n-gram of " + sampling.noRepeatNgramSize() + " tokens twice");
    return joined(parts);
  }

  private static String ends(GenerationConfig config, CheckpointTokenizer tokenizer) {
    List<String> parts = new ArrayList<>();
    parts.add(
        config.maxNewTokens().isEmpty() && config.maxLength().isPresent()
            ? "after at most " + config.maxLength().getAsInt() + " tokens with the prompt"
            : "after at most " + config.forPrompt(0).maxNewTokens() + " tokens");
    parts.add(
        config.sampling().endTokens().stream()
            .map(it -> "or at " + tokenizer.decode(it))
            .collect(Collectors.joining(", ")));
    parts.add(
        config.stopStrings().stream()
            .map(it -> "or at '" + it + "'")
            .collect(Collectors.joining(", ")));
    int least = Math.max(config.sampling().minNewTokens(), config.minLength());
    parts.add(least == 0 ? "" : "not before " + least + " tokens");
    return Printable.line(joined(parts));
  }

  private static String joined(List<String> parts) {
    return parts.stream().filter(it -> !it.isEmpty()).collect(Collectors.joining(", "));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%s", value).replaceFirst("\\.0$", "");
  }
}
