package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Floats;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.testkit.RelativeError;
import java.util.List;

/** Any group as one of tensors: arrays travel as doubles. */
record SummedArrays(ProcessGroup group) implements TensorGroup {

  @Override
  public void sum(List<NDArray> arrays) {
    for (NDArray array : arrays) {
      double[] sum = group.sum(RelativeError.doubles(array.toFloatArray()));
      array.set(Floats.toArray(Doubles.asList(sum)));
    }
  }

  @Override
  public void broadcast(List<NDArray> arrays, int[] from) {
    for (int i = 0; i < from.length; i++) {
      NDArray array = arrays.get(i);
      boolean mine = from[i] == rank();
      int[] lengths = new int[size()];
      lengths[from[i]] = Math.toIntExact(array.size());
      double[] values =
          allGather(mine ? RelativeError.doubles(array.toFloatArray()) : new double[0], lengths);
      if (!mine) {
        array.set(Floats.toArray(Doubles.asList(values)));
      }
    }
  }

  @Override
  public int rank() {
    return group.rank();
  }

  @Override
  public int size() {
    return group.size();
  }

  @Override
  public double[] allGather(double[] mine, int[] lengths) {
    return group.allGather(mine, lengths);
  }

  @Override
  public void close() {
    group.close();
  }
}
