package io.github.tralign.djl.huggingface;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes tensors to a {@code .safetensors} file that Hugging Face libraries load.
 *
 * <p>The same tensors give the same bytes: they are sorted by name, and nothing depends on time.
 * The header is padded with spaces so that the data begins at a multiple of eight bytes.
 */
public final class SafetensorsWriter {
  private static final int CHUNK_ELEMENTS = 1 << 18;

  private SafetensorsWriter() {}

  /**
   * Writes {@code tensors} to {@code file}, replacing an existing file. The write is atomic: the
   * file is written under another name in the same folder, forced to disk and renamed.
   *
   * @throws IllegalArgumentException if a tensor is named {@code __metadata__}
   * @throws InvalidInputException if a finite value is too large for a tensor's 16-bit type
   * @throws IllegalStateException if a source does not fill its buffer
   * @throws java.io.UncheckedIOException if writing fails
   */
  public static void write(Path file, Map<String, TensorSource> tensors) {
    SortedMap<String, TensorSource> sorted = new TreeMap<>(tensors);
    byte[] header = header(sorted);
    AtomicFile.write(
        file,
        channel -> {
          AtomicFile.writeFully(channel, ByteBuffer.wrap(header));
          writeValues(channel, sorted);
        });
  }

  /**
   * Reads all values, the same parts in the same order as {@link #write} does, and drops them: for
   * sources that several processes must read together, though one writes.
   *
   * @throws IllegalStateException if a source does not fill its buffer
   */
  public static void readOnly(Map<String, TensorSource> tensors) {
    try {
      writeValues(Channels.newChannel(OutputStream.nullOutputStream()), new TreeMap<>(tensors));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeValues(
      WritableByteChannel channel, SortedMap<String, TensorSource> tensors) throws IOException {
    ByteBuffer chunk =
        ByteBuffer.allocateDirect(CHUNK_ELEMENTS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Map.Entry<String, TensorSource> tensor : tensors.entrySet()) {
      writeTensor(channel, tensor.getKey(), tensor.getValue(), chunk);
    }
  }

  private static byte[] header(SortedMap<String, TensorSource> tensors) {
    ObjectNode json = StrictJson.MAPPER.createObjectNode();
    json.putObject(SafetensorsHeader.METADATA).put("format", "pt");
    long begin = 0;
    for (Map.Entry<String, TensorSource> tensor : tensors.entrySet()) {
      if (tensor.getKey().equals(SafetensorsHeader.METADATA)) {
        throw new IllegalArgumentException("a tensor cannot be named " + tensor.getKey());
      }
      long end = Math.addExact(begin, tensor.getValue().bytes());
      ObjectNode entry =
          json.putObject(tensor.getKey()).put("dtype", tensor.getValue().dtype().name());
      ArrayNode shape = entry.putArray("shape");
      tensor.getValue().dimensions().forEach(shape::add);
      entry.putArray("data_offsets").add(begin).add(end);
      begin = end;
    }
    byte[] text = bytes(json);
    int padded = text.length + 7 & -8;
    ByteBuffer header =
        ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    header.put(text);
    Arrays.fill(header.array(), header.position(), header.limit(), (byte) ' ');
    return header.array();
  }

  private static byte[] bytes(ObjectNode json) {
    try {
      return StrictJson.MAPPER.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the tensors' names cannot be written as JSON", e);
    }
  }

  private static void writeTensor(
      WritableByteChannel channel, String name, TensorSource tensor, ByteBuffer chunk)
      throws IOException {
    long elements = tensor.elements();
    for (long first = 0; first < elements; ) {
      int count = (int) Math.min(CHUNK_ELEMENTS, elements - first);
      FloatBuffer values = chunk.clear().asFloatBuffer().limit(count);
      tensor.reader().read(first, values);
      if (values.hasRemaining()) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "the source of tensor %s returned %d of %d values from index %d",
                Excerpt.of(name),
                values.position(),
                count,
                first));
      }
      AtomicFile.writeFully(channel, stored(name, tensor.dtype(), chunk, count));
      first += count;
    }
  }

  /** Rounds the first values of a chunk in place: a 16-bit value ends before the next is read. */
  private static ByteBuffer stored(String name, Dtype dtype, ByteBuffer chunk, int count) {
    if (dtype == Dtype.F32) {
      return chunk.limit(count * Float.BYTES);
    }
    for (int i = 0; i < count; i++) {
      float value = chunk.getFloat(i * Float.BYTES);
      boolean half = dtype == Dtype.F16;
      short rounded = half ? HalfPrecision.toHalf(value) : HalfPrecision.toBfloat16(value);
      float read = half ? HalfPrecision.half(rounded) : HalfPrecision.bfloat16(rounded);
      if (Float.isInfinite(read) && Float.isFinite(value)) {
        throw new InvalidInputException(
            String.format(
                Locale.ROOT,
                "the tensor %s has the value %s, too large for the type %s; --save-dtype fp32"
                    + " (SaveDtype.FP32) keeps it",
                Excerpt.of(name),
                value,
                dtype));
      }
      chunk.putShort(i * Short.BYTES, rounded);
    }
    return chunk.limit(count * Short.BYTES);
  }
}
