package io.github.tralign.loss;

import io.github.tralign.data.Example;
import io.github.tralign.text.Numbers;
import java.util.Locale;

/** Checks of settings and examples, with consistent messages. */
final class Ranges {

  private Ranges() {}

  static void positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be a number > 0, not " + value);
    }
  }

  static void notNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be a number >= 0, not " + value);
    }
  }

  static void open(String name, double value, double end) {
    if (!(value > 0 && value < end)) {
      throw new IllegalArgumentException(name + " must lie in (0, " + end + "), not be " + value);
    }
  }

  static void upTo(String name, double value, double end) {
    if (!(value > 0 && value <= end)) {
      throw new IllegalArgumentException(name + " must lie in (0, " + end + "], not be " + value);
    }
  }

  static void finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be a finite number, not " + value);
    }
  }

  static void closed(String name, double value, double end) {
    if (!(value >= 0 && value <= end)) {
      throw new IllegalArgumentException(name + " must lie in [0, " + end + "], not be " + value);
    }
  }

  static void halfOpen(String name, double value, double end) {
    if (!(value >= 0 && value < end)) {
      throw new IllegalArgumentException(name + " must lie in [0, " + end + "), not be " + value);
    }
  }

  static void requirePair(AlignmentLoss loss, Example example) {
    if (!example.isPair()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the loss %s needs preference pairs, but %s is a prompt with %s%s",
              loss.name(),
              example.origin(),
              Numbers.count(example.completions().size(), "completion"),
              example.completions().size() == 1 ? "; losses such as kto take single ones" : ""));
    }
  }

  static void requireMargin(AlignmentLoss loss, Example example) {
    if (example.judgement().margin().isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the loss %s needs the margin between the rewards of a pair's completions, but %s has"
                  + " none",
              loss.name(),
              example.origin()));
    }
  }

  static void requireWinProbability(AlignmentLoss loss, Example example) {
    if (example.judgement().winProbability().isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the loss %s needs the probability that the chosen completion wins, but %s has none",
              loss.name(),
              example.origin()));
    }
  }

  static void requireUnweighted(AlignmentLoss loss, Example example) {
    if (example.judgement().weight() != 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the loss %s compares ranks within the batch and does not support weights of rows,"
                  + " but %s has the weight %s",
              loss.name(),
              example.origin(),
              example.judgement().weight()));
    }
  }

  static void requireLabelled(AlignmentLoss loss, Example example) {
    if (!example.judgement().isLabelled()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the loss %s needs completions labelled desirable or undesirable, but %s is %s",
              loss.name(),
              example.origin(),
              example.isPair() ? "a pair; PreferenceData.unpaired() labels both" : "not labelled"));
    }
  }
}
