package io.github.tralign.djl.kernel;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.model.DecoderSpec;
import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The loaded kernels: methods of a TorchScript module, called by name with typed arguments.
 *
 * <p>Results belong to the scope that a call is given. They are PyTorch's inference tensors:
 * kernels may change them in place, DJL's own operators may not.
 */
public final class Kernels {

  private static final Map<Kind, Kernels> COMPILED = new ConcurrentHashMap<>();

  private final PtSymbolBlock module;

  private record Kind(Device device, Products products, @Nullable DecoderSpec model) {}

  /**
   * The kernels for a model on a device, compiled once a process.
   *
   * @throws IllegalStateException if these products cannot be computed here
   */
  public static Kernels on(Engine engine, Device device, Products products, DecoderSpec model) {
    return compiled(engine, new Kind(device, products, model));
  }

  /** Those that need no model: products, attention, the head and the optimizer. */
  public static Kernels on(Engine engine, Device device, Products products) {
    return compiled(engine, new Kind(device, products, null));
  }

  private static Kernels compiled(Engine engine, Kind kind) {
    if (kind.products() == Products.FP32_HIGH) {
      NativeKernels.load();
    }
    return COMPILED.computeIfAbsent(
        kind,
        it ->
            new Kernels(
                engine.newBaseManager(it.device()), texts(it.device(), it.products()), it.model()));
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
  Kernels(NDManager manager, List<String> chosen, @Nullable DecoderSpec model) {
    try {
      Path archive = Files.createTempFile(NativeCache.settle(), "kernels", ".pt");
      AtomicFile.deleteAbandoned(AtomicFile.parent(archive), "kernels");
      try {
        Files.write(archive, KernelArchive.bytes(chosen, model));
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
   * Calls a kernel that gives one array.
   *
   * @param scope owner of the result
   * @param method its name
   * @param arguments in the order of the method's parameters: {@link NDArray} for {@code Tensor},
   *     {@code List<NDArray>} for {@code List[Tensor]}, {@code Map<String, NDArray>} for {@code
   *     Dict[str, Tensor]}, a non-empty {@code List} of such maps, {@code Integer}, {@code Double}
   *     and {@code Boolean}, {@code long[]} and {@code double[]} for lists of numbers, {@link
   *     Opaque}
   */
  public NDArray call(NDManager scope, String method, Object... arguments) {
    return callAll(scope, method, arguments).get(0);
  }

  /** As {@link #call} for a kernel that gives a list of arrays. */
  public NDList callAll(NDManager scope, String method, Object... arguments) {
    try (IValue result = invoke(method, arguments)) {
      return result.toNDList((PtNDManager) scope);
    }
  }

  /** As {@link #call} for a kernel that works in place; what it gives is not looked at. */
  public void run(String method, Object... arguments) {
    invoke(method, arguments).close();
  }

  /** As {@link #call} for a kernel that gives a number. */
  public double number(String method, Object... arguments) {
    try (IValue result = invoke(method, arguments)) {
      return result.toDouble();
    }
  }

  /** As {@link #call} for a kernel that gives an array, and something for another kernel. */
  public Kept callKeeping(NDManager scope, String method, Object... arguments) {
    try (IValue result = invoke(method, arguments)) {
      IValue[] both = result.toIValueTuple();
      try (IValue array = both[0]) {
        scope.attachInternal(NDManager.nextUid(), both[1]);
        return new Kept(array.toTensor((PtNDManager) scope), new Opaque(both[1]));
      }
    }
  }

  /**
   * What a kernel gives and another takes, whatever it is; it is gone with the scope of its call.
   */
  public static final class Opaque {
    private final IValue value;

    private Opaque(IValue value) {
      this.value = value;
    }

    IValue value() {
      return value;
    }
  }

  /** An array, and what comes with it. */
  public record Kept(NDArray array, Opaque rest) {}

  private IValue invoke(String method, Object... arguments) {
    // The executor's optimizer is no faster here and needs more memory. A setting of the thread.
    JniUtils.setGraphExecutorOptimize(false);
    try (KernelArguments typed = new KernelArguments()) {
      return IValueUtils.runMethod(module, method, typed.of(arguments));
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
