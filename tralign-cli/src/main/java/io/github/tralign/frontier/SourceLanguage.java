package io.github.tralign.frontier;

import java.util.random.RandomGenerator;

/**
 * A language of 24 symbols in which each symbol permits five successors, and its gold judge.
 *
 * <p>A text is a prompt of 2 symbols and a completion of 16. Most of the quality is the content,
 * which depends on the topic, the first symbol modulo 4: each symbol of the completion has a value,
 * and each two neighbours have one. The rest is well-formedness, the share of permitted
 * transitions, of which pairs of good completions say little.
 */
final class SourceLanguage {

  static final int SYMBOLS = 24;
  static final int PROMPT = 2;
  static final int COMPLETION = 16;
  private static final int SUCCESSORS = 5;
  private static final int TOPICS = 4;
  private static final double LEAK = 0.02; // probability of any symbol at all
  private static final double SHARE = 0.7; // of each of the two parts of the content

  private final boolean[][] permitted = new boolean[SYMBOLS][SYMBOLS];
  private final double[][] transition = new double[SYMBOLS][SYMBOLS];
  private final double[][] ofSymbol = new double[TOPICS][];
  private final double[][][] ofNeighbours = new double[TOPICS][SYMBOLS][];

  /** Draws a language. */
  SourceLanguage(RandomGenerator random) {
    for (int symbol = 0; symbol < SYMBOLS; symbol++) {
      drawSuccessors(symbol, random);
    }
    for (int topic = 0; topic < TOPICS; topic++) {
      ofSymbol[topic] = standardized(normal(random, SYMBOLS));
      for (int symbol = 0; symbol < SYMBOLS; symbol++) {
        ofNeighbours[topic][symbol] = normal(random, SYMBOLS);
      }
    }
  }

  private void drawSuccessors(int symbol, RandomGenerator random) {
    double[] weights = new double[SYMBOLS];
    double sum = 0;
    for (int left = SUCCESSORS; left > 0; ) {
      int next = random.nextInt(SYMBOLS);
      if (!permitted[symbol][next]) {
        permitted[symbol][next] = true;
        weights[next] = StrictMath.exp(normal(random, 1)[0]);
        sum += weights[next];
        left--;
      }
    }
    for (int next = 0; next < SYMBOLS; next++) {
      transition[symbol][next] = LEAK / SYMBOLS + (1 - LEAK) * weights[next] / sum;
    }
  }

  /** Box and Muller's method, with the same numbers on every machine. */
  private static double[] normal(RandomGenerator random, int n) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
      values[i] = radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }
    return values;
  }

  private static double[] standardized(double[] values) {
    double mean = 0;
    double square = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    for (double value : values) {
      square += (value - mean) * (value - mean) / (values.length - 1);
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (values[i] - mean) / Math.sqrt(square);
    }
    return values;
  }

  /** Draws texts of a length; the first symbol is drawn uniformly. */
  int[][] texts(int n, int length, RandomGenerator random) {
    int[][] texts = new int[n][length];
    for (int[] text : texts) {
      text[0] = random.nextInt(SYMBOLS);
      for (int i = 1; i < length; i++) {
        text[i] = Sampler.choose(transition[text[i - 1]], random.nextDouble());
      }
    }
    return texts;
  }

  /** The content of a text with prompt. */
  double content(int[] text) {
    int topic = text[0] % TOPICS;
    double symbols = 0;
    double neighbours = 0;
    int length = text.length - PROMPT;
    for (int i = PROMPT; i < text.length; i++) {
      symbols += ofSymbol[topic][text[i]];
      if (i > PROMPT) {
        neighbours += ofNeighbours[topic][text[i - 1]][text[i]];
      }
    }
    return SHARE * symbols / Math.sqrt(length) + SHARE * neighbours / Math.sqrt(length - 1);
  }

  /** The share of permitted transitions into symbols of the completion. */
  double permitted(int[] text) {
    int count = 0;
    for (int i = PROMPT; i < text.length; i++) {
      count += permitted[text[i - 1]][text[i]] ? 1 : 0;
    }
    return (double) count / (text.length - PROMPT);
  }

  /** The probability of a symbol after another one. */
  double probability(int symbol, int next) {
    return transition[symbol][next];
  }
}
