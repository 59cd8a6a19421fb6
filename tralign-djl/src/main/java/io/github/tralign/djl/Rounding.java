package io.github.tralign.djl;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.Dtype;
import io.github.tralign.djl.huggingface.TensorSource;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What is lost when a model's weights are saved in 16 bits. Weights are fp32 while they are
 * trained; those that differ from the model that was read may be equal to it again when both are
 * rounded.
 *
 * @param types the 16-bit types of the saved tensors, such as {@code bf16}; empty if there are none
 * @param changed the number of weights in those tensors that differ from the model that was read
 * @param undone how many of these are, rounded, the same as the rounded weight that was read
 */
public record Rounding(String types, long changed, long undone) {

  static final Rounding NONE = new Rounding("", 0, 0);

  /** Values per comparison. */
  private static final int CHUNK = 1 << 16;

  private static final ImmutableMap<Dtype, SaveDtype> NAMES =
      ImmutableMap.of(Dtype.BF16, SaveDtype.BF16, Dtype.F16, SaveDtype.FP16);

  /** Checks that the types are not null. */
  public Rounding {
    requireNonNull(types, "types");
  }

  /**
   * The share of the changed weights whose change is lost, in [0, 1]; 0 if no weight has changed.
   */
  public double share() {
    return changed == 0 ? 0 : (double) undone / changed;
  }

  static Rounding of(DjlModel model, SaveDtype dtype) {
    return model.adapterConfig().isPresent() ? NONE : of(model.sources(dtype), model.source());
  }

  /**
   * Compares weights with those in a folder, a part at a time.
   *
   * @param weights what would be saved, by its names in the folder
   * @throws InvalidInputException if the folder has no such model any more
   */
  static Rounding of(Map<String, TensorSource> weights, Path folder) {
    Map<String, TensorSource> rounded =
        ImmutableMap.copyOf(
            Iterables.filter(weights.entrySet(), it -> NAMES.containsKey(it.getValue().dtype())));
    if (rounded.isEmpty()) {
      return NONE;
    }
    Set<Dtype> types = EnumSet.noneOf(Dtype.class);
    FloatBuffer now = FloatBuffer.allocate(CHUNK);
    FloatBuffer before = FloatBuffer.allocate(CHUNK);
    long changed = 0;
    long undone = 0;
    try (CheckpointFolder read = CheckpointFolder.open(folder)) {
      for (Map.Entry<String, TensorSource> tensor : rounded.entrySet()) {
        Dtype type = tensor.getValue().dtype();
        types.add(type);
        long size = tensor.getValue().elements();
        for (long first = 0; first < size; first += CHUNK) {
          int count = (int) Math.min(CHUNK, size - first);
          tensor.getValue().reader().read(first, now.clear().limit(count));
          read.readFloat32(tensor.getKey(), first, before.clear().limit(count));
          for (int i = 0; i < count; i++) {
            if (now.get(i) != before.get(i)) {
              changed++;
              undone += type.rounded(now.get(i)) == type.rounded(before.get(i)) ? 1 : 0;
            }
          }
        }
      }
    }
    return new Rounding(
        types.stream().map(NAMES::get).map(String::valueOf).collect(joining(" and ")),
        changed,
        undone);
  }
}
