package io.github.tralign.djl.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.InvalidInputException;
import java.nio.file.Path;
import java.util.Locale;

/** One tensor's entry in a safetensors header, before it is checked. */
record TensorEntry(Path file, String name, JsonNode json) {

  /**
   * Checks the entry by itself: types, range, and that the size follows from dtype and shape.
   *
   * @param dataLength the number of bytes of all tensors
   * @throws InvalidInputException if the entry is invalid
   */
  TensorInfo check(long dataLength) {
    if (!json.isObject()) {
      throw invalid("is " + StrictJson.shown(json) + "; expected an object");
    }
    Dtype dtype = dtype();
    ImmutableLongArray shape = wholeNumbers("shape");
    ImmutableLongArray offsets = wholeNumbers("data_offsets");
    if (offsets.length() != 2) {
      throw invalid("data_offsets has " + offsets.length() + " values; expected [begin, end]");
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    if (begin > end) {
      throw invalid("data_offsets " + offsets + ": the end is before the begin");
    }
    if (end > dataLength) {
      throw invalid(
          String.format(
              Locale.ROOT,
              "data_offsets %s exceed the file's %d bytes of data; the file is truncated or damaged",
              offsets,
              dataLength));
    }
    long bytes = bytes(dtype, shape);
    if (end - begin != bytes) {
      throw invalid(
          String.format(
              Locale.ROOT,
              "data_offsets %s span %d bytes, but shape %s of %s takes %d",
              offsets,
              end - begin,
              shape,
              dtype,
              bytes));
    }
    return new TensorInfo(name, dtype, shape, begin, end);
  }

  private Dtype dtype() {
    JsonNode value = field("dtype");
    for (Dtype dtype : Dtype.values()) {
      if (value.isTextual() && dtype.name().equals(value.textValue())) {
        return dtype;
      }
    }
    throw invalid("dtype " + StrictJson.shown(value) + " is unknown; expected F32, BF16, F16, …");
  }

  private ImmutableLongArray wholeNumbers(String key) {
    JsonNode array = field(key);
    if (!array.isArray()) {
      throw invalid(key + " is " + StrictJson.shown(array) + "; expected a list of whole numbers");
    }
    ImmutableLongArray.Builder numbers = ImmutableLongArray.builder();
    for (JsonNode element : array) {
      if (!element.isIntegralNumber() || !element.canConvertToLong() || element.longValue() < 0) {
        throw invalid(
            key + " contains " + StrictJson.shown(element) + "; expected whole numbers ≥ 0");
      }
      numbers.add(element.longValue());
    }
    return numbers.build();
  }

  private JsonNode field(String key) {
    JsonNode value = json.get(key);
    if (value == null) {
      throw invalid(key + " is missing");
    }
    return value;
  }

  private long bytes(Dtype dtype, ImmutableLongArray shape) {
    long bits = dtype.bits();
    try {
      for (int i = 0; i < shape.length(); i++) {
        bits = Math.multiplyExact(bits, shape.get(i));
      }
    } catch (ArithmeticException e) {
      throw invalid("shape " + shape + " of " + dtype + " is larger than any file");
    }
    if (bits % Byte.SIZE != 0) {
      throw invalid("shape " + shape + " of " + dtype + " does not fill whole bytes");
    }
    return bits / Byte.SIZE;
  }

  private InvalidInputException invalid(String what) {
    return new InvalidInputException(
        String.format(Locale.ROOT, "%s: tensor %s: %s", file, Excerpt.of(name), what));
  }
}
