package io.github.tralign.djl.huggingface;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * A matrix that bitsandbytes quantized to 4 bits (NF4, see QLoRA, arXiv 2305.14314): each value is
 * one of 16 codes, times the scale of its block of the flattened matrix, rounded to the type of the
 * model. The scales may be quantized to 8 bits themselves ("double quantization"). Beside the
 * tensor with two codes a byte, the first in the high bits, there are tensors with its name and
 * {@code .absmax}, {@code .quant_map} and {@code .quant_state.bitsandbytes__nf4}.
 */
public final class Nf4Tensor {

  /** The name of the tensor that has the shape and type of the matrix, as JSON. */
  static final String STATE = ".quant_state.bitsandbytes__nf4";

  private static final String SCALES = ".absmax";
  private static final String CODES = ".quant_map";
  private static final String NESTED_SCALES = ".nested_absmax";
  private static final String NESTED_CODES = ".nested_quant_map";

  /** The names of all tensors beside the one with the codes. */
  static final ImmutableList<String> COMPANIONS =
      ImmutableList.of(STATE, SCALES, CODES, NESTED_SCALES, NESTED_CODES);

  private final SafetensorsFile file;
  private final String name;
  private final Dtype dtype;
  private final ImmutableLongArray dimensions;
  private final int block;
  private final boolean nested;
  private final float[] scales;
  private final float[] codes;

  private Nf4Tensor(
      SafetensorsFile file,
      String name,
      Dtype dtype,
      ImmutableLongArray dimensions,
      int block,
      boolean nested,
      float[] scales,
      float[] codes) {
    this.file = file;
    this.name = name;
    this.dtype = dtype;
    this.dimensions = dimensions;
    this.block = block;
    this.nested = nested;
    this.scales = scales;
    this.codes = codes;
  }

  /**
   * Reads all but the codes.
   *
   * @param folder named in messages
   * @param holder the file that has a tensor, if any
   * @throws InvalidInputException if a tensor is missing or does not fit the others
   */
  static Nf4Tensor read(
      Path folder, String name, Function<String, Optional<SafetensorsFile>> holder) {
    return new Reader(folder, name, holder).read();
  }

  /** The matrix as if it were stored in the type of its values. */
  TensorInfo info() {
    TensorInfo packed = file.tensor(name);
    return new TensorInfo(name, dtype, dimensions, packed.begin(), packed.end());
  }

  /** The type that values are rounded to: BF16, F16 or F32. */
  public Dtype dtype() {
    return dtype;
  }

  /** The scale of each block of values; unmodified. */
  public float[] scales() {
    return scales.clone();
  }

  /** Whether the folder has the scales in 8 bits. */
  public boolean scalesAreQuantized() {
    return nested;
  }

  /** The type in whose elements the folder has the bytes of two codes each. */
  public Dtype storage() {
    return file.tensor(name).dtype();
  }

  /** For each byte, the two codes that it stands for. */
  public float[] pairs() {
    float[] pairs = new float[2 * 256];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = codes[i % 2 == 0 ? i / 2 >> 4 : i / 2 & 15];
    }
    return pairs;
  }

  /** Reads bytes of two codes each: as many as {@code target} has room for. */
  public void readBytes(long first, ByteBuffer target) {
    file.readBytes(name, first, target);
  }

  /** Reads values: as many as {@code target} has room for. */
  void readFloat32(long first, FloatBuffer target) {
    long end = first + target.remaining();
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact((end + 1) / 2 - first / 2));
    readBytes(first / 2, bytes);
    for (long i = first; i < end; i++) {
      int both = bytes.get((int) (i / 2 - first / 2));
      float code = codes[i % 2 == 0 ? both >> 4 & 15 : both & 15];
      target.put(dtype.rounded(code * scales[(int) (i / block)]));
    }
  }

  /** Reads one matrix's description. */
  private record Reader(
      Path folder, String name, Function<String, Optional<SafetensorsFile>> holder) {

    Nf4Tensor read() {
      JsonNode state = state();
      if (!state.isObject()) {
        throw invalid("its quant_state is not a JSON object");
      }
      if (!state.path("quant_type").asText().equals("nf4")) {
        throw invalid("its quant_type is " + state.path("quant_type") + "; expected nf4");
      }
      ImmutableLongArray.Builder shape = ImmutableLongArray.builder();
      state.path("shape").forEach(it -> shape.add(it.asLong()));
      ImmutableLongArray dimensions = shape.build();
      int block = size(state, "blocksize");
      long values = dimensions.stream().reduce(1, (a, b) -> a * b);
      if (dimensions.length() != 2 || block <= 0 || values <= 0 || values % block != 0) {
        throw invalid(
            "shape "
                + dimensions
                + " and blocksize "
                + block
                + " are not a matrix in whole blocks");
      }
      SafetensorsFile file = file("");
      TensorInfo packed = file.tensor(name);
      if (values % 2 != 0 || packed.end() - packed.begin() != values / 2) {
        throw invalid(
            String.format(
                Locale.ROOT,
                "has %d bytes; shape %s takes %d",
                packed.end() - packed.begin(),
                dimensions,
                values / 2));
      }
      boolean nested = state.has("nested_blocksize");
      float[] scales = nested ? nested(state) : floats(SCALES);
      float[] codes = floats(CODES);
      if (codes.length != 16 || scales.length != values / block) {
        throw invalid(
            String.format(
                Locale.ROOT,
                "has %d codes and %d scales; expected 16 and %d",
                codes.length,
                scales.length,
                values / block));
      }
      requireFinite(scales, SCALES);
      requireFinite(codes, CODES);
      return new Nf4Tensor(file, name, dtype(state), dimensions, block, nested, scales, codes);
    }

    /**
     * Scales that are quantized to 8 bits: the code of each byte, times its block's, plus a mean.
     */
    private float[] nested(JsonNode state) {
      int block = size(state, "nested_blocksize");
      float mean = (float) state.path("nested_offset").asDouble(Double.NaN);
      float[] outer = floats(NESTED_SCALES);
      float[] codes = floats(NESTED_CODES);
      ByteBuffer bytes = bytes(SCALES);
      if (block <= 0
          || codes.length != 256
          || (bytes.limit() + block - 1L) / block != outer.length) {
        throw invalid("its nested scales do not fit nested_blocksize " + block);
      }
      float[] scales = new float[bytes.limit()];
      for (int i = 0; i < scales.length; i++) {
        scales[i] = codes[bytes.get(i) & 255] * outer[i / block] + mean;
      }
      return scales;
    }

    private JsonNode state() {
      ByteBuffer bytes = bytes(STATE);
      try {
        return StrictJson.MAPPER.readTree(bytes.array());
      } catch (JsonProcessingException e) {
        throw invalid("its quant_state is not JSON: " + e.getOriginalMessage());
      } catch (IOException e) {
        throw invalid("its quant_state cannot be read");
      }
    }

    private int size(JsonNode state, String key) {
      JsonNode size = state.path(key);
      if (!size.isIntegralNumber() || !size.canConvertToInt() || size.intValue() <= 0) {
        throw invalid(
            "its "
                + key
                + " is "
                + (size.isMissingNode() ? "missing" : size)
                + "; expected a whole number > 0");
      }
      return size.intValue();
    }

    private Dtype dtype(JsonNode state) {
      String type = state.path("dtype").asText();
      return switch (type) {
        case "bfloat16" -> Dtype.BF16;
        case "float16" -> Dtype.F16;
        case "float32" -> Dtype.F32;
        default ->
            throw invalid("its dtype is '" + type + "'; expected bfloat16, float16 or float32");
      };
    }

    private float[] floats(String suffix) {
      SafetensorsFile file = file(suffix);
      float[] values = new float[Math.toIntExact(file.tensor(name + suffix).elements())];
      file.readFloat32(name + suffix, 0, FloatBuffer.wrap(values));
      return values;
    }

    private ByteBuffer bytes(String suffix) {
      SafetensorsFile file = file(suffix);
      TensorInfo info = file.tensor(name + suffix);
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(info.end() - info.begin()));
      file.readBytes(name + suffix, 0, bytes);
      return bytes.flip();
    }

    private void requireFinite(float[] values, String suffix) {
      for (float value : values) {
        if (!Float.isFinite(value)) {
          throw invalid("'" + name + suffix + "' has the value " + value);
        }
      }
    }

    private SafetensorsFile file(String suffix) {
      return holder
          .apply(name + suffix)
          .orElseThrow(() -> invalid("the tensor '" + name + suffix + "' is missing"));
    }

    private InvalidInputException invalid(String what) {
      return new InvalidInputException(
          folder + ": the tensor '" + name + "' is quantized to 4 bits, but " + what);
    }
  }
}
