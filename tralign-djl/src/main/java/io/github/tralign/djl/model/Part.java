package io.github.tralign.djl.model;

import java.util.Locale;

/**
 * The parts of a decoder. Each model family has some of them, each with a weight and some with a
 * bias.
 */
public enum Part {
  /** The token embedding [V, H]. */
  EMBEDDING,
  /** The learned embedding of positions [L, H], added to the token embedding. */
  POSITION,
  /** The norm before attention. */
  ATTENTION_NORM,
  /** The query projection. */
  Q,
  /** The key projection. */
  K,
  /** The value projection. */
  V,
  /** Query, key and value projection in one matrix; see {@link DecoderSpec#interleaved}. */
  QKV,
  /**
   * The norm of queries before rotary embedding, over each head or over all heads, depending on its
   * size. If each head has a weight of its own, a layer norm.
   */
  Q_NORM,
  /** As {@link #Q_NORM}, for keys. */
  K_NORM,
  /** The output projection of attention. */
  O,
  /** The norm of attention's output, before the residual addition. */
  ATTENTION_POST_NORM,
  /** The norm before the MLP. */
  MLP_NORM,
  /** The gate projection, whose activation is multiplied with the up projection. */
  GATE,
  /** The up projection; the activation applies to it if there is no gate. */
  UP,
  /** Gate and up projection in one matrix, the gate first. */
  GATE_UP,
  /** The down projection. */
  DOWN,
  /** The norm of the MLP's output, before the residual addition. */
  MLP_POST_NORM,
  /** The norm after the last layer. */
  FINAL_NORM,
  /** The output head [V, H]. */
  HEAD;

  /** Its name in the kernels. */
  String kernelName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether it comes after attention in a layer. In the last layer, only the rows that predict
   * completion tokens go through such parts; the other rows are not used any more.
   */
  public boolean followsAttention() {
    return compareTo(O) >= 0 && compareTo(MLP_POST_NORM) <= 0;
  }
}
