package io.github.tralign.djl.chat.jinja;

/** A string builder that charges the budget. */
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

  /** Appends a string {@code times} times. */
  TextBuilder append(String piece, long times) {
    if (!piece.isEmpty() && times > 0) {
      budget.charge(times > budget.limit() ? times : times * piece.length());
      text.append(piece.repeat((int) times));
    }
    return this;
  }

  /** The result, charged for. */
  String build() {
    budget.charge(text.length());
    return text.toString();
  }
}
