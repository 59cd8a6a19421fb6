package io.github.tralign.data;

import io.github.tralign.InvalidSettingException;

/**
 * The maximum numbers of tokens of a row.
 *
 * @param total of the prompt with one completion; completions are truncated at their end
 * @param prompt of the prompt
 * @param completion of each completion; truncated at its end
 * @param truncation which tokens of a prompt are kept, and whether anything is truncated at all
 */
record LengthLimits(int total, int prompt, int completion, Truncation truncation) {

  static final LengthLimits NONE =
      new LengthLimits(
          Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Truncation.KEEP_END);

  LengthLimits {
    InvalidSettingException.require(
        total >= 2,
        "maxLength",
        "the maximal length must be at least 2, a prompt token and a completion token, not "
            + total);
    requirePositive(prompt, "maxPromptLength", "prompt");
    requirePositive(completion, "maxCompletionLength", "completion");
  }

  LengthLimits total(int tokens) {
    return new LengthLimits(tokens, prompt, completion, truncation);
  }

  LengthLimits prompt(int tokens) {
    return new LengthLimits(total, tokens, completion, truncation);
  }

  LengthLimits completion(int tokens) {
    return new LengthLimits(total, prompt, tokens, truncation);
  }

  LengthLimits truncation(Truncation is) {
    return new LengthLimits(total, prompt, completion, is);
  }

  private static void requirePositive(int tokens, String setting, String part) {
    InvalidSettingException.require(
        tokens >= 1,
        setting,
        "the maximal length of a " + part + " must be at least 1 token, not " + tokens);
  }
}
