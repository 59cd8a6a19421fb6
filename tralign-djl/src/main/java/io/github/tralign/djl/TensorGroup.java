package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import io.github.tralign.distributed.ProcessGroup;
import java.util.List;

/** A group of processes that also exchanges arrays, on the device where they are. */
public interface TensorGroup extends ProcessGroup {

  /**
   * Replaces each array by its sum over all ranks; the sums have the same bits on all ranks. A
   * collective call, as those of {@link ProcessGroup} are.
   *
   * @param arrays as many as on each other rank, with the same shapes and types in the same order
   * @throws io.github.tralign.distributed.ProcessGroupException if not all ranks make this call
   */
  void sum(List<NDArray> arrays);

  /**
   * Replaces each array by that of one rank. A collective call, as {@link #sum(List)} is.
   *
   * @param arrays as many as on each other rank, with the same shapes and types in the same order
   * @param from for each array, the rank whose values all get; the same on all ranks
   * @throws IllegalArgumentException if there is not one rank for each array, or no such rank
   * @throws io.github.tralign.distributed.ProcessGroupException if not all ranks make this call
   */
  void broadcast(List<NDArray> arrays, int[] from);
}
