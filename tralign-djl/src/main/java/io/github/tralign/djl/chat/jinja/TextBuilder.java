package io.github.tralign.djl.chat.jinja;

/** Joins texts, each of which is paid for. */
final class TextBuilder {

  private final StringBuilder text = new StringBuilder();
  private final Budget budget;

  TextBuilder(Budget budget) {
    this.budget = budget;
  }

  Budget budget() {
    return budget;
  }

  TextBuilder append(String piece) {
    budget.charge(1 + piece.length());
    text.append(piece);
    return this;
  }

  /** Appends a text several times. */
  TextBuilder append(String piece, long times) {
    if (!piece.isEmpty() && times > 0) {
      budget.charge(times > budget.limit() ? times : times * piece.length());
      text.append(piece.repeat((int) times));
    }
    return this;
  }

  /** What has been written, as a text of its own, which is paid for too. */
  String build() {
    budget.charge(text.length());
    return text.toString();
  }
}
