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
 * The compiled kernels: methods of a TorchScript module, called by name.
 *
 * <p>Results belong to the scope passed to a call. They are inference tensors of PyTorch: kernels
 * may change them in place, but DJL's own operators may not.
 */
public final class Kernels {

  private static final Map<Kind, Kernels> COMPILED = new ConcurrentHashMap<>();

  private final PtSymbolBlock module;

  private record Kind(Device device, Products products, @Nullable DecoderSpec model) {}

  /**
   * The kernels for a model on a device, compiled once per process.
   *
   * @throws IllegalStateException if this machine does not support these products
   */
  public static Kernels on(Engine engine, Device device, Products products, DecoderSpec model) {
    return compiled(engine, new Kind(device, products, model));
  }

  /** The kernels that do not depend on a model: products, the head and the optimizer. */
  public static Kernels on(Engine engine, Device device, Products products) {
    return compiled(engine, new Kind(device, products, null));
  }

  /**
   * The kernels that exchange arrays with the other processes of a group, for arrays of any device.
   *
   * @param manager the owner of the kernels
   */
  public static Kernels collectives(NDManager manager) {
    return new Kernels(manager, KernelArchive.collectives());
  }

  private static Kernels compiled(Engine engine, Kind kind) {
    if (kind.products() == Products.FP32_HIGH) {
      NativeKernels.useProducts();
    }
    return COMPILED.computeIfAbsent(
        kind,
        it ->
            new Kernels(
                engine.newBaseManager(it.device()),
                texts(it.device(), it.products(), it.model()),
                it.model()));
  }

  /**
   * The texts of the variants for a device, a precision and a model. Products use oneDNN for fp32
   * on x86 CPUs, PyTorch's default elsewhere, or {@link NativeKernels}. Sums of rows are
   * deterministic on every device.
   */
  static ImmutableList<String> texts(
      Device device, Products products, @Nullable DecoderSpec model) {
    ImmutableList.Builder<String> texts = ImmutableList.builder();
    if (products == Products.FP32_HIGH) {
      texts.add("product_high");
    } else {
      texts.add(isX86() && !device.isGpu() ? "product_onednn" : "product");
      texts.add(products == Products.BF16 ? "product_bf16" : "product_fp32");
    }
    if (products == Products.FP32) {
      texts.add(!device.isGpu() && NativeKernels.generate() ? "packed_native" : "packed_fp32");
    }
    texts.add(device.isGpu() ? "add_rows_sorted" : "add_rows");
    if (model != null) {
      texts.addAll(Attention.texts(device, products, model));
    }
    return texts.build();
  }

  static boolean isX86() {
    String processor = System.getProperty("os.arch");
    return processor.equals("amd64") || processor.equals("x86_64");
  }

  /**
   * Compiles kernels from the given texts.
   *
   * @param chosen see {@link KernelArchive#bytes}
   */
  Kernels(NDManager manager, List<String> chosen, @Nullable DecoderSpec model) {
    this(manager, KernelArchive.bytes(chosen, model));
  }

  private Kernels(NDManager manager, byte[] bytes) {
    try {
      Path archive = Files.createTempFile(NativeCache.settle(), "kernels", ".pt");
      AtomicFile.deleteAbandoned(AtomicFile.parent(archive), "kernels");
      try {
        Files.write(archive, bytes);
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
   * Calls a kernel that returns one array.
   *
   * @param scope the owner of the result
   * @param method the kernel's name
   * @param arguments in the order of the kernel's parameters: {@link NDArray} for {@code Tensor},
   *     {@code List<NDArray>} for {@code List[Tensor]}, {@code Map<String, NDArray>} for {@code
   *     Dict[str, Tensor]}, a non-empty {@code List} of such maps, {@code Integer}, {@code Double}
   *     and {@code Boolean}, {@code long[]} and {@code double[]} for lists of numbers, {@link
   *     Opaque}
   */
  public NDArray call(NDManager scope, String method, Object... arguments) {
    return callAll(scope, method, arguments).get(0);
  }

  /** As {@link #call}, for a kernel that returns a list of arrays. */
  public NDList callAll(NDManager scope, String method, Object... arguments) {
    try (IValue result = invoke(method, arguments)) {
      return result.toNDList((PtNDManager) scope);
    }
  }

  /** As {@link #call}, for a kernel that works in place; its result is ignored. */
  public void run(String method, Object... arguments) {
    invoke(method, arguments).close();
  }

  /** As {@link #call}, for a kernel that returns a number. */
  public double number(String method, Object... arguments) {
    try (IValue result = invoke(method, arguments)) {
      return result.toDouble();
    }
  }

  /** As {@link #call}, for a kernel that returns an array and a value for another kernel. */
  public Kept callKeeping(NDManager scope, String method, Object... arguments) {
    try (IValue result = invoke(method, arguments)) {
      IValue[] both = result.toIValueTuple();
      try (IValue array = both[0]) {
        scope.attachInternal(NDManager.nextUid(), both[1]);
        return new Kept(array.toTensor((PtNDManager) scope), new Opaque(both[1]));
      }
    }
  }

  /** A value that one kernel returns and another takes; it is freed with the scope of its call. */
  public static final class Opaque {
    private final IValue value;

    private Opaque(IValue value) {
      this.value = value;
    }

    IValue value() {
      return value;
    }
  }

  /** An array, and a value for another kernel. */
  public record Kept(NDArray array, Opaque rest) {}

  private IValue invoke(String method, Object... arguments) {
    // The executor's optimizer is no faster here and uses more memory. The setting is per thread.
    JniUtils.setGraphExecutorOptimize(false);
    try (KernelArguments typed = new KernelArguments()) {
      return IValueUtils.runMethod(module, method, typed.of(arguments));
    }
  }

  /**
   * The manager for small arrays whose numbers kernels read: always on the CPU, since reading them
   * from a GPU would wait for it.
   */
  public static NDManager onCpu(NDManager scope) {
    return scope.getDevice().isGpu() ? scope.newSubManager(Device.cpu()) : scope;
  }
}
