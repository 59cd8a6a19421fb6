package io.github.tralign.cli;

import io.github.tralign.loss.OdpoLoss;

/** The words for how ODPO turns a row's margin into an offset. */
enum OffsetKind {
  LOG("log", OdpoLoss.Offset.LOG),
  IDENTITY("identity", OdpoLoss.Offset.IDENTITY);

  private final String word;
  final OdpoLoss.Offset offset;

  OffsetKind(String word, OdpoLoss.Offset offset) {
    this.word = word;
    this.offset = offset;
  }

  @Override
  public String toString() {
    return word;
  }
}
