package io.github.tralign.data;

import com.google.common.collect.ImmutableList;

/** Text rows for tests. */
final class Rows {

  private Rows() {}

  static TextRow pair(String prompt, String chosen, String rejected, String origin) {
    return new TextRow(prompt, ImmutableList.of(chosen, rejected), Judgement.NONE, origin);
  }
}
