package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.tralign.djl.huggingface.TensorSource;
import io.github.tralign.djl.kernel.Kernels;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tensor that one process of a group has. All read it together: each part is broadcast when
 * it is read, so no process has memory for more than a part.
 *
 * @param array the values; null on the processes that do not have them
 * @param owner the rank that has them
 */
record BroadcastTensor(
    @Nullable NDArray array, int owner, TensorGroup group, NDManager manager, Kernels kernels)
    implements TensorSource.Reader {

  @Override
  public void read(long firstElement, FloatBuffer target) {
    int length = target.remaining();
    try (NDManager scope = manager.newSubManager()) {
      NDArray part =
          array == null
              ? scope.create(new Shape(length), DataType.FLOAT32)
              : kernels.call(scope, "read", array, firstElement, length);
      group.broadcast(List.of(part), new int[] {owner});
      target.put(part.toByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer());
    }
  }
}
