package io.github.tralign.data;

/**
 * How many tokens of a row are kept.
 *
 * @param total of the prompt with one completion; a completion is cut at its end
 * @param prompt of the prompt, which is cut at its beginning
 * @param completion of each completion, which is cut at its end
 */
record LengthLimits(int total, int prompt, int completion) {

  static final LengthLimits NONE =
      new LengthLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

  LengthLimits {
    if (total < 2) {
      throw new IllegalArgumentException(
          "the maximal length must be at least 2, a prompt token and a completion token, not "
              + total);
    }
    requirePositive(prompt, "prompt");
    requirePositive(completion, "completion");
  }

  private static void requirePositive(int tokens, String part) {
    if (tokens < 1) {
      throw new IllegalArgumentException(
          "the maximal length of a " + part + " must be at least 1 token, not " + tokens);
    }
  }
}
