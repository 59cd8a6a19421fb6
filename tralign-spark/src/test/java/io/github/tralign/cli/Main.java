package io.github.tralign.cli;

import io.github.tralign.spark.RankProgram;

/** Stands for tralign's command line, by its name. */
public final class Main {

  private Main() {}

  public static void main(String[] args) throws Exception {
    RankProgram.main(args);
  }
}
