package io.github.tralign.djl.huggingface;

import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A {@code .safetensors} file, read through memory maps.
 *
 * <p>Opening checks the whole header. Reading maps only the requested part, so files of any size
 * can be read. F32, BF16, F16 and F64 tensors are read as fp32: the first three exactly, F64
 * rounded to nearest.
 *
 * <p>Safe for use by several threads. The file must not be truncated while it is open.
 */
public final class SafetensorsFile implements AutoCloseable {
  /** Elements mapped at a time. */
  private static final long WINDOW_ELEMENTS = 1 << 24;

  private final Path path;
  private final FileChannel channel;
  private final SafetensorsHeader header;
  private final Map<String, TensorInfo> tensors;

  private SafetensorsFile(Path path, FileChannel channel, SafetensorsHeader header) {
    this.path = path;
    this.channel = channel;
    this.header = header;
    Map<String, TensorInfo> byName = new LinkedHashMap<>();
    header.tensors().forEach(tensor -> byName.put(tensor.name(), tensor));
    this.tensors = Collections.unmodifiableMap(byName);
  }

  /**
   * Opens and checks {@code file}.
   *
   * @throws InvalidInputException if the file is missing, cannot be read or is invalid
   */
  public static SafetensorsFile open(Path file) {
    if (!Files.exists(file)) {
      throw new InvalidInputException(file + ": no such file");
    }
    if (!Files.isRegularFile(file)) {
      throw new InvalidInputException(file + ": is not a file");
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return new SafetensorsFile(file, channel, SafetensorsHeader.read(file, channel));
      } catch (IOException | RuntimeException e) {
        Closeables.quietly(channel);
        throw e;
      }
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** The path of the file. */
  public Path path() {
    return path;
  }

  /** The tensors by name, in the order of their bytes in the file; unmodifiable. */
  public Map<String, TensorInfo> tensors() {
    return tensors;
  }

  /** The type in which a tensor that can be read as fp32 is stored. */
  Dtype dtype(String name) {
    return readable(name).dtype();
  }

  /** The strings under {@code __metadata__}, by key; unmodifiable. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /**
   * Reads a whole tensor as fp32.
   *
   * @return a new direct little-endian buffer of 4 bytes per element, in row-major order; it counts
   *     towards the JVM's limit of direct memory
   * @throws InvalidInputException if there is no such tensor, its type cannot be read as fp32, or
   *     it takes more than 2³¹−1 bytes as fp32; read such a tensor in parts
   */
  public ByteBuffer readFloat32(String name) {
    TensorInfo tensor = readable(name);
    long bytes = Float.BYTES * tensor.elements();
    if (bytes > Integer.MAX_VALUE) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "%s: tensor %s: needs %d bytes as fp32, more than fit in one buffer",
              path,
              Excerpt.of(name),
              bytes));
    }
    ByteBuffer values = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    read(tensor, 0, values.asFloatBuffer());
    return values;
  }

  /**
   * Reads a part of a tensor as fp32: as many elements as {@code target} has room for.
   *
   * @param firstElement the first element to read, counted in row-major order
   * @throws InvalidInputException if there is no such tensor or its type cannot be read as fp32
   * @throws IndexOutOfBoundsException if the part is not within the tensor
   */
  public void readFloat32(String name, long firstElement, FloatBuffer target) {
    TensorInfo tensor = readable(name);
    Objects.checkFromIndexSize(firstElement, (long) target.remaining(), tensor.elements());
    read(tensor, firstElement, target);
  }

  /**
   * Reads bytes of a tensor as they are stored: as many as {@code target} has room for.
   *
   * @param first the first byte to read, counted from the tensor's first
   * @throws InvalidInputException if there is no such tensor
   * @throws IndexOutOfBoundsException if the part is not within the tensor
   */
  void readBytes(String name, long first, ByteBuffer target) {
    TensorInfo tensor = tensor(name);
    Objects.checkFromIndexSize(first, (long) target.remaining(), tensor.end() - tensor.begin());
    try (MappedRegion window =
        MappedRegion.of(channel, header.dataBegin() + tensor.begin() + first, target.remaining())) {
      target.put(window.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** Closes the file; its tensors can no longer be read. */
  @Override
  public void close() {
    Closeables.now(channel, path);
  }

  /**
   * A tensor's entry.
   *
   * @throws InvalidInputException if there is no such tensor
   */
  TensorInfo tensor(String name) {
    TensorInfo tensor = tensors.get(name);
    if (tensor == null) {
      throw new InvalidInputException(path + ": has no tensor " + Excerpt.of(name));
    }
    return tensor;
  }

  private TensorInfo readable(String name) {
    TensorInfo tensor = tensor(name);
    if (!tensor.dtype().readableAsFloat32()) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "%s: tensor %s: is of type %s; only F32, BF16, F16 and F64 can be read as fp32",
              path,
              Excerpt.of(name),
              tensor.dtype()));
    }
    return tensor;
  }

  private void read(TensorInfo tensor, long firstElement, FloatBuffer target) {
    long elementBytes = tensor.dtype().bits() / Byte.SIZE;
    long next = firstElement;
    while (target.hasRemaining()) {
      long elements = Math.min(WINDOW_ELEMENTS, target.remaining());
      long position = header.dataBegin() + tensor.begin() + next * elementBytes;
      try (MappedRegion window = MappedRegion.of(channel, position, elements * elementBytes)) {
        convert(tensor.dtype(), window.bytes(), target);
      } catch (IOException e) {
        throw new UncheckedIOException(path + ": cannot be read: " + Reason.of(e), e);
      }
      next += elements;
    }
  }

  private static void convert(Dtype dtype, ByteBuffer source, FloatBuffer target) {
    switch (dtype) {
      case F32 -> target.put(source.asFloatBuffer());
      case BF16 -> {
        for (ShortBuffer values = source.asShortBuffer(); values.hasRemaining(); ) {
          target.put(HalfPrecision.bfloat16(values.get()));
        }
      }
      case F16 -> {
        for (ShortBuffer values = source.asShortBuffer(); values.hasRemaining(); ) {
          target.put(HalfPrecision.half(values.get()));
        }
      }
      case F64 -> {
        for (DoubleBuffer values = source.asDoubleBuffer(); values.hasRemaining(); ) {
          target.put((float) values.get());
        }
      }
      default -> throw new IllegalArgumentException("not readable as fp32: " + dtype);
    }
  }
}
