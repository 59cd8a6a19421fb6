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
