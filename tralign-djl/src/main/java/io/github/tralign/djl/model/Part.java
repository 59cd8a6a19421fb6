package io.github.tralign.djl.model;

import java.util.Locale;

/** What a decoder is made of: a family has some of these, each with a weight, some with a bias. */
public enum Part {
  /** The table of input embeddings, [V, H]. */
  EMBEDDING,
  /** The norm before attention. */
  ATTENTION_NORM,
  /** Queries. */
  Q,
  /** Keys. */
  K,
  /** Values. */
  V,
  /** Queries, keys and values in one matrix; see {@link DecoderSpec#interleaved}. */
  QKV,
  /** The norm of queries before they are rotated: over each head, or over all, by its size. */
  Q_NORM,
  /** The same of keys. */
  K_NORM,
  /** What follows attention. */
  O,
  /** The norm of attention's result, before it is added. */
  ATTENTION_POST_NORM,
  /** The norm before the MLP. */
  MLP_NORM,
  /** What is activated and gates the up projection. */
  GATE,
  /** The up projection; activated itself where nothing gates it. */
  UP,
  /** Gate and up projection in one matrix, the gate first. */
  GATE_UP,
  /** The down projection. */
  DOWN,
  /** The norm of the MLP's result, before it is added. */
  MLP_POST_NORM,
  /** The norm after the last layer. */
  FINAL_NORM,
  /** The head, [V, H]. */
  HEAD;

  /** Its name in the kernels. */
  String kernelName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether it follows attention: in the last layer only the rows that predict go through it, since
   * nobody sees the others any more.
   */
  public boolean followsAttention() {
    return compareTo(O) >= 0 && compareTo(MLP_POST_NORM) <= 0;
  }
}
