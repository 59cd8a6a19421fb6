package io.github.tralign.djl.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Texts that reveal broken tokenizers: the empty text, whitespace, many scripts, the tokenizer's
 * added tokens, and long repetitions, also of what its regular expressions mention.
 */
final class TrialTexts {

  private static final int RUN = 500;
  private static final int MOST_TOKENS = 64;
  private static final int MOST_RUNS = 96;

  private TrialTexts() {}

  static List<String> of(JsonNode tokenizer) {
    List<String> probes =
        new ArrayList<>(
            List.of(
                "",
                " ",
                "a",
                "The quick brown fox, 123456789 times: don't!\r\n\tYou're not it's.",
                "Zwölf Boxkämpfer — L’été ça a été; ÅΩﬁ A\u030a e\u0301 \u0301",
                "Съешь же ещё 一二三 あいう 한국어 אבג عربي हिन्दी ไทย \u200d\ufeff\u00a0\u2028",
                "👩‍👩‍👧‍👦🇩🇪\uD83D\uDE00\u0000\u0001\u007f\ufffd\uffff"));
    for (int i = 0; i < Math.min(MOST_TOKENS, tokenizer.path("added_tokens").size()); i++) {
      String token = tokenizer.path("added_tokens").get(i).path("content").asText();
      probes.add(token);
      probes.add("a" + token + token + " " + token + " b");
    }
    runs(tokenizer).forEach(run -> probes.add(run.repeat(RUN) + "\u0001 end"));
    return probes;
  }

  /**
   * What is repeated: common characters, and the characters in the tokenizer's regular expressions.
   */
  private static Set<String> runs(JsonNode tokenizer) {
    Set<String> runs = new LinkedHashSet<>(List.of(" ", "a", "A", "1", ".", "\n", "一", "é", "ab "));
    for (String part : List.of("normalizer", "pre_tokenizer")) {
      for (String pattern : tokenizer.path(part).findValuesAsText("Regex")) {
        pattern.codePoints().forEach(it -> add(runs, Character.toString(it)));
        for (int at = 0; at + 1 < pattern.length(); at++) {
          add(runs, pattern.substring(at, at + 2));
        }
      }
    }
    return runs;
  }

  private static void add(Set<String> runs, String run) {
    if (runs.size() < MOST_RUNS) {
      runs.add(run);
    }
  }
}
