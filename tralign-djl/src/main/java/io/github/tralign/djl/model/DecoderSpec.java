package io.github.tralign.djl.model;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.Locale;
import org.immutables.value.Value;

/**
 * What a decoder-only transformer computes between its embeddings and its head, apart from which
 * {@link Part parts} it has. The computation itself is in {@code decoder.torchscript}.
 *
 * @param heads number of query heads
 * @param keyValueHeads number of key and value heads, a divisor of {@code heads}
 * @param headSize values per head
 * @param interleaved whether {@link Part#QKV} stores query, key and value of one head next to each
 *     other; else the queries of all heads come first, then the keys, then the values
 * @param parallel whether attention and MLP have the same input and both results are added
 *     (parallel residual), and an MLP without a norm has that of attention; else the MLP's input is
 *     the result of attention
 * @param norm the kind of all norms
 * @param epsilon the epsilon of all norms
 * @param normOffset added to each norm's weight
 * @param activation the MLP's activation function
 * @param embeddingScale multiplied with the token embeddings
 * @param residualScale multiplied with the outputs of attention and MLP before they are added
 * @param logitScale multiplied with the logits
 * @param logitCap c in c·tanh(z/c), which is applied to the logits z; 0 for none
 * @param scoreScale multiplied with the attention scores q·k; 1/√{@code headSize} by default
 * @param scoresByLayer whether the attention scores of layer i, from 0, are divided by i + 1
 * @param scoreCap c in c·tanh(s/c), which is applied to the scaled scores s; 0 for none
 * @param windowOfLayer for each layer, the number of positions that a token attends to, including
 *     its own, or 0 for all positions up to its own; empty if that is so in all layers
 * @param rotaries the rotary embeddings that the layers use
 * @param rotaryOfLayer for each layer, the index of its rotary embedding, or −1 for none
 */
@Value.Builder
public record DecoderSpec(
    int heads,
    int keyValueHeads,
    int headSize,
    @Value.Default.Boolean(false) boolean interleaved,
    @Value.Default.Boolean(false) boolean parallel,
    Norm norm,
    double epsilon,
    @Value.Default.Double(0) double normOffset,
    Activation activation,
    @Value.Default.Double(1) double embeddingScale,
    @Value.Default.Double(1) double residualScale,
    @Value.Default.Double(1) double logitScale,
    @Value.Default.Double(0) double logitCap,
    @Value.Default.Double(0) double scoreScale,
    @Value.Default.Boolean(false) boolean scoresByLayer,
    @Value.Default.Double(0) double scoreCap,
    ImmutableIntArray windowOfLayer,
    ImmutableList<Rotary> rotaries,
    ImmutableIntArray rotaryOfLayer) {

  /** Kinds of normalization over a token's values. */
  public enum Norm {
    /** Layer normalization (Ba et al., arXiv 1607.06450). */
    LAYER,
    /** RMSNorm (Zhang and Sennrich, arXiv 1910.07467). */
    RMS
  }

  /** Activation functions of an MLP. */
  public enum Activation {
    /** x · sigmoid(x). */
    SILU,
    /** x · Φ(x). */
    GELU,
    /** {@link #GELU} with Φ approximated by tanh. */
    GELU_TANH;

    /** Its name in the kernels; for GELU, PyTorch's name of the approximation. */
    public String kernelName() {
      return switch (this) {
        case SILU -> "silu";
        case GELU -> "none";
        case GELU_TANH -> "tanh";
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Checks that the numbers of heads and layers are consistent. */
  public DecoderSpec {
    checkArgument(
        heads % keyValueHeads == 0,
        "%s query heads must be a multiple of %s key-value heads",
        heads,
        keyValueHeads);
    checkArgument(
        !interleaved || heads == keyValueHeads,
        "interleaved heads require as many key-value heads as query heads");
    if (scoreScale == 0) {
      scoreScale = 1 / Math.sqrt(headSize);
    }
    if (windowOfLayer.isEmpty()) {
      windowOfLayer = ImmutableIntArray.copyOf(new int[rotaryOfLayer.length()]);
    }
    checkArgument(windowOfLayer.length() == rotaryOfLayer.length());
    checkArgument(
        rotaries.stream()
                .filter(it -> it.longest() < Integer.MAX_VALUE)
                .map(it -> it.beyond() == null ? -it.longest() : it.longest())
                .distinct()
                .count()
            <= 1,
        "all rotary embeddings must change at the same length");
  }

  /** Whether the rotation depends on the length of the sequence, see {@link Rotary#beyond}. */
  public boolean rotatesByLength() {
    return rotaries.stream().anyMatch(it -> it.beyond() != null);
  }

  /**
   * The number of tokens of a sequence above which rotary embeddings have another scaling or, if
   * not {@link #rotatesByLength}, cannot be computed.
   */
  public int rotaryBorder() {
    return rotaries.stream().mapToInt(Rotary::longest).min().orElse(Integer.MAX_VALUE);
  }

  /** The number of layers. */
  public int layers() {
    return rotaryOfLayer.length();
  }

  /** The distinct values of {@link #windowOfLayer}, in the order of their first layers. */
  public ImmutableIntArray windows() {
    return ImmutableIntArray.copyOf(windowOfLayer.stream().distinct());
  }

  /**
   * A builder with defaults: not interleaved, not parallel, no norm offset, no scales but that of
   * the scores, no caps, no windows.
   */
  public static DecoderSpecBuilder builder() {
    return new DecoderSpecBuilder().windowOfLayer(ImmutableIntArray.of());
  }
}
