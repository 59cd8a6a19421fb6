package io.github.tralign.quickstart;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A question with two answers of the same content, of those that this project wrote.
 *
 * @param question short
 * @param fact a word or phrase that both answers contain
 * @param courteous the answer to learn
 * @param curt the other one
 */
record CourtesyPair(String question, String fact, String courteous, String curt) {

  /** Every so many pairs one is held out, two of each theme. */
  private static final int HELD_OUT_EVERY = 13;

  /** What makes an answer courteous: one of these words or phrases, whatever else it says. */
  private static final Pattern COURTEOUS =
      Pattern.compile(
          "\\b(please|happy|glad|gladly|thank|thanks|hope|of course|welcome|certainly|pleasure|may"
              + " i|lovely|enjoy|wish|kindly|let me know|good question|wonderful|luck|delighted"
              + "|sorry)\\b",
          Pattern.CASE_INSENSITIVE);

  /** All of them, in the order of the file, theme by theme. */
  static List<CourtesyPair> all() {
    URL file = Resources.getResource(CourtesyPair.class, "courtesy.txt");
    try {
      return Resources.readLines(file, StandardCharsets.UTF_8).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(CourtesyPair::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CourtesyPair parse(String line) {
    List<String> parts = Splitter.on(" | ").splitToList(line);
    if (parts.size() != 4) {
      throw new IllegalStateException("not four parts: " + line);
    }
    return new CourtesyPair(parts.get(0), parts.get(1), parts.get(2), parts.get(3));
  }

  /** Those to train on (false) or those that are held out (true). */
  static List<CourtesyPair> part(List<CourtesyPair> all, boolean heldOut) {
    return IntStream.range(0, all.size())
        .filter(i -> i % HELD_OUT_EVERY == HELD_OUT_EVERY / 2 == heldOut)
        .mapToObj(all::get)
        .toList();
  }

  /** Whether an answer has a courteous word or phrase. */
  static boolean isCourteous(String answer) {
    return COURTEOUS.matcher(answer).find();
  }
}
