package io.github.tralign.djl.model;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.djl.model.Parameter.Role;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The parameters of a model, with their names in a checkpoint and in the kernels.
 *
 * @param all the parameters in the model's order; tied parameters appear once
 * @param adapters the parameters of an adapter, if there is one
 * @param whole those of {@code all} that an adapter replaces by copies of its own
 */
public record WeightMap(
    ImmutableList<Parameter> all,
    ImmutableList<Parameter> adapters,
    ImmutableList<Parameter> whole) {

  /** The token embedding [V, H]. */
  public Parameter embedding() {
    return only(Part.EMBEDDING).orElseThrow();
  }

  /** The head [V, H]; the same as the embedding if both are tied. */
  public Parameter head() {
    return only(Part.HEAD).orElseGet(this::embedding);
  }

  /** Whether head and embedding are one parameter. */
  public boolean tied() {
    return only(Part.HEAD).isEmpty();
  }

  /** The number of positions that have a learned embedding, if positions are learned. */
  public OptionalLong positions() {
    return only(Part.POSITION).stream().mapToLong(it -> it.dimensions().get(0)).findFirst();
  }

  /** The parameters of a layer, or with {@link Parameter#NO_LAYER} those outside the layers. */
  public ImmutableList<Parameter> ofLayer(int layer) {
    return Stream.concat(all.stream(), adapters.stream())
        .filter(it -> it.layer() == layer)
        .collect(toImmutableList());
  }

  private Optional<Parameter> only(Part part) {
    return all.stream().filter(it -> it.part() == part).findFirst();
  }

  static Builder builder() {
    return new Builder();
  }

  /** Collects the parameters in the model's order. */
  static final class Builder {

    private final ImmutableList.Builder<Parameter> all = ImmutableList.builder();
    private int layer = Parameter.NO_LAYER;
    private String prefix = "";

    /** The next parameters are in a layer, and their names begin with {@code prefix}. */
    Builder in(int layer, String prefix) {
      Preconditions.checkArgument(layer >= 0);
      this.layer = layer;
      this.prefix = prefix;
      return this;
    }

    /** The next parameters are outside the layers. */
    Builder outside() {
      layer = Parameter.NO_LAYER;
      prefix = "";
      return this;
    }

    /** A matrix {@code name.weight}. */
    Builder matrix(Part part, String name, long rows, long columns) {
      return add(part, name + ".weight", Role.MATRIX, ImmutableLongArray.of(rows, columns));
    }

    /** A matrix {@code name.weight} that is stored as [in, out]. */
    Builder transposed(Part part, String name, long in, long out) {
      return add(part, name + ".weight", Role.TRANSPOSED_MATRIX, ImmutableLongArray.of(in, out));
    }

    /** The weight of a norm, {@code name.weight}. */
    Builder norm(Part part, String name, long size) {
      return add(part, name + ".weight", Role.NORM, ImmutableLongArray.of(size));
    }

    /** The weights of the norms of single heads, {@code name.HEAD.weight}. */
    Builder normOfEachHead(Part part, String name, int heads, long size) {
      for (int head = 0; head < heads; head++) {
        add(part, name + "." + head + ".weight", head, Role.NORM, ImmutableLongArray.of(size));
      }
      return this;
    }

    /** The bias of a matrix or norm, {@code name.bias}. */
    Builder bias(Part part, String name, long size) {
      return add(part, name + ".bias", Role.BIAS, ImmutableLongArray.of(size));
    }

    private Builder add(Part part, String name, Role role, ImmutableLongArray dimensions) {
      return add(part, name, Parameter.NO_HEAD, role, dimensions);
    }

    private Builder add(
        Part part, String name, int head, Role role, ImmutableLongArray dimensions) {
      all.add(new Parameter(prefix + name, part, layer, head, role, dimensions));
      return this;
    }

    WeightMap build() {
      return new WeightMap(all.build(), ImmutableList.of(), ImmutableList.of());
    }
  }
}
