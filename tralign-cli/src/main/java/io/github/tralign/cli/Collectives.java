package io.github.tralign.cli;

import java.util.Locale;

/** What several processes exchange arrays by. */
enum Collectives {
  GLOO,
  NCCL;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
