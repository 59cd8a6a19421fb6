package io.github.tralign.djl.model;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.Locale;
import org.immutables.value.Value;

/**
 * What a decoder-only transformer computes between its embeddings and its head, beside the parts
 * that it has: see {@link Part} and {@code decoder.torchscript}.
 *
 * @param heads of queries
 * @param keyValueHeads of keys and values, a divisor of {@code heads}
 * @param headSize values of a head
 * @param interleaved whether {@link Part#QKV} has the three of one head side by side; else queries
 *     of all heads come first, then keys, then values
 * @param parallel whether the MLP sees what attention sees, and both are added; else the MLP sees
 *     what attention gave
 * @param norm of all parts that are norms
 * @param epsilon of all norms
 * @param normOffset what is added to a norm's weight
 * @param activation of the MLP
 * @param rotaries the rotary embeddings that layers choose from
 * @param rotaryOfLayer for each layer the index of its rotary embedding, or −1 for none
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
    ImmutableList<Rotary> rotaries,
    ImmutableIntArray rotaryOfLayer) {

  /** Norms by row. */
  public enum Norm {
    /** With the mean taken off (Ba et al., arXiv 1607.06450). */
    LAYER,
    /** By the root mean square (Zhang and Sennrich, arXiv 1910.07467). */
    RMS
  }

  /** Activations of an MLP. */
  public enum Activation {
    /** x · sigmoid(x). */
    SILU,
    /** x · Φ(x). */
    GELU,
    /** The same with Φ approximated by tanh. */
    GELU_TANH;

    /** Its name in the kernels; for gelu what PyTorch calls the approximation. */
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

  /** Checks that the sizes fit each other. */
  public DecoderSpec {
    checkArgument(heads % keyValueHeads == 0, "%s heads for %s", heads, keyValueHeads);
    checkArgument(!interleaved || heads == keyValueHeads, "interleaved heads are all alike");
  }

  /** Number of layers. */
  public int layers() {
    return rotaryOfLayer.length();
  }

  /** Starts without interleaving, sequential, without an offset. */
  public static DecoderSpecBuilder builder() {
    return new DecoderSpecBuilder();
  }
}
