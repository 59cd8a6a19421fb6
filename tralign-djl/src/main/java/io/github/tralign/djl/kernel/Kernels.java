package io.github.tralign.djl.kernel;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import com.google.common.collect.ImmutableList;
import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The loaded kernels.
 *
 * <p>A kernel's arguments are arrays and lists of arrays; settings travel as small arrays too. The
 * result belongs to the manager of the first argument.
 */
public final class Kernels {

  private static final Map<Kind, Kernels> COMPILED = new ConcurrentHashMap<>();

  private final PtSymbolBlock module;

  private record Kind(Device device, Products products) {}

  /**
   * The kernels for a device, compiled once a process.
   *
   * @throws IllegalStateException if these products cannot be computed here
   */
  public static Kernels on(Engine engine, Device device, Products products) {
    if (products == Products.FP32_HIGH) {
      NativeKernels.load();
    }
    return COMPILED.computeIfAbsent(
        new Kind(device, products),
        it -> new Kernels(engine.newBaseManager(device), texts(device, products)));
  }

  /**
   * The texts of what there is more than one of: products, in fp32 by oneDNN where PyTorch has it,
   * else as it chooses, or by {@link NativeKernels}; attention by PyTorch's kernel for the device,
   * or theirs; sums of rows so that they are the same each time.
   */
  static ImmutableList<String> texts(Device device, Products products) {
    if (products == Products.FP32_HIGH) {
      return ImmutableList.of("product_high", "attention_high", "add_rows");
    }
    return ImmutableList.of(
        isX86() && !device.isGpu() ? "product_onednn" : "product",
        products == Products.BF16 ? "bf16" : "fp32",
        device.isGpu() ? "attention_gpu" : "attention_cpu",
        device.isGpu() ? "add_rows_sorted" : "add_rows");
  }

  static boolean isX86() {
    String processor = System.getProperty("os.arch");
    return processor.equals("amd64") || processor.equals("x86_64");
  }

  /**
   * Kernels of certain texts.
   *
   * @param chosen see {@link KernelArchive#bytes}
   */
  Kernels(NDManager manager, List<String> chosen) {
    try {
      Path archive = Files.createTempFile(NativeCache.settle(), "kernels", ".pt");
      AtomicFile.deleteAbandoned(AtomicFile.parent(archive), "kernels");
      try {
        Files.write(archive, KernelArchive.bytes(chosen));
        module =
            JniUtils.loadModule(
                (PtNDManager) manager, archive, false, new String[0], new String[0], true);
      } finally {
        Files.delete(archive);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the kernels cannot be written to a temporary file", e);
    }
  }

  /**
   * Calls a kernel.
   *
   * @param name of the kernel's method
   * @param arguments each an {@link NDArray} or a non-empty {@code List<NDArray>}, in the order of
   *     the method's parameters; the first is a single array
   */
  public NDArray call(String name, Object... arguments) {
    return callAll(name, arguments).get(0);
  }

  /** As {@link #call} for a kernel that gives several arrays. */
  public NDList callAll(String name, Object... arguments) {
    // The executor's optimizer is no faster here and needs more memory. A setting of the thread.
    JniUtils.setGraphExecutorOptimize(false);
    NDList inputs = new NDList();
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] instanceof NDArray array) {
        array.setName(null);
        inputs.add(array);
      } else {
        // DJL makes one list argument of the arrays that share a name ending in [].
        for (Object element : (List<?>) arguments[i]) {
          NDArray array = (NDArray) element;
          array.setName("list" + i + "[]");
          inputs.add(array);
        }
      }
    }
    try (NDArray method = inputs.get(0).getManager().create(0f)) {
      method.setName("module_method:" + name);
      inputs.add(method);
      return IValueUtils.forward(module, inputs, true);
    }
  }

  /**
   * What attention takes on the device of a manager.
   *
   * @param runs see {@link PackedBatch#attended}
   */
  public static List<NDArray> attended(long[][] runs, NDManager scope) {
    if (!scope.getDevice().isGpu()) {
      return List.of(scope.create(runs));
    }
    Sequences sequences = Sequences.of(runs);
    return List.of(
        scope.create(sequences.queryStarts()),
        scope.create(sequences.keyStarts()),
        scope.create(sequences.keys()),
        onCpu(scope).create(sequences.longest()));
  }

  /**
   * Where small numbers belong that kernels unpack: on the CPU, since reading them off a GPU would
   * wait for it.
   */
  public static NDManager onCpu(NDManager scope) {
    return scope.getDevice().isGpu() ? scope.newSubManager(Device.cpu()) : scope;
  }
}
