package io.github.tralign.generate;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;

/** The tokens of a prompt and of its completion so far. */
final class History {

  private final int promptLength;
  private int[] tokens;
  private int length;

  History(ImmutableIntArray prompt) {
    promptLength = prompt.length();
    length = promptLength;
    tokens = prompt.toArray();
  }

  void add(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, length + length / 2 + 16);
    }
    tokens[length++] = token;
  }

  int get(int index) {
    return tokens[index];
  }

  int length() {
    return length;
  }

  int newTokens() {
    return length - promptLength;
  }

  ImmutableIntArray all() {
    return ImmutableIntArray.copyOf(Arrays.copyOf(tokens, length));
  }

  ImmutableIntArray completion() {
    return ImmutableIntArray.copyOf(Arrays.copyOfRange(tokens, promptLength, length));
  }
}
