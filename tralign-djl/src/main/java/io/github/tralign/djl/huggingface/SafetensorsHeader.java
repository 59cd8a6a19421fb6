package io.github.tralign.djl.huggingface;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The header of a safetensors file. A file consists of the header's length (eight bytes,
 * little-endian), the header (a JSON object) and the tensors' bytes.
 *
 * <p>Nothing in it is trusted: the length is compared with the file's size before that many bytes
 * are read, and the tensors must cover the rest of the file exactly, without overlaps or gaps.
 *
 * @param dataBegin offset of the tensors' bytes in the file
 * @param tensors the tensors, in the order of their bytes
 * @param metadata the strings under {@code __metadata__}, by key
 */
record SafetensorsHeader(long dataBegin, List<TensorInfo> tensors, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";

  /** The limit that the format's reference implementation sets. */
  static final long LONGEST = 100_000_000;

  /** {@code version } read as a length: how a Git LFS pointer file begins. */
  private static final long GIT_LFS = 0x206e6f6973726576L;

  private static final ObjectReader ENTRY =
      StrictJson.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Reads and checks the header of {@code file}, open as {@code channel}. */
  static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < Long.BYTES) {
      throw invalid(
          file, "has " + size + " bytes; a safetensors file begins with 8 for the header's length");
    }
    long length;
    try (MappedRegion window = MappedRegion.of(channel, 0, Long.BYTES)) {
      length = window.bytes().getLong();
    }
    if (length == GIT_LFS) {
      throw invalid(file, "is a Git LFS pointer, not the weights; fetch them with 'git lfs pull'");
    }
    if (length < 0 || length > LONGEST) {
      throw invalid(
          file,
          String.format(
              Locale.ROOT,
              "has a header length of %s bytes, more than the allowed %d; it is damaged or not a"
                  + " safetensors file",
              Long.toUnsignedString(length),
              LONGEST));
    }
    if (length > size - Long.BYTES) {
      throw invalid(
          file,
          String.format(
              Locale.ROOT,
              "has a header length of %d bytes, but only %d follow; the file is truncated or damaged",
              length,
              size - Long.BYTES));
    }
    try (MappedRegion window = MappedRegion.of(channel, Long.BYTES, length)) {
      return parse(file, window.bytes(), size);
    }
  }

  private static SafetensorsHeader parse(Path file, ByteBuffer json, long fileSize) {
    long dataBegin = Long.BYTES + (long) json.remaining();
    long dataLength = fileSize - dataBegin;
    if (!json.hasRemaining() || json.get(0) != '{') {
      throw invalid(
          file, "the header must begin with '{'; the file is damaged or not a safetensors file");
    }
    List<TensorInfo> tensors = new ArrayList<>();
    Map<String, String> metadata = new TreeMap<>();
    // The decoder reports invalid UTF-8, whereas Jackson would guess the encoding.
    try (JsonParser parser =
        StrictJson.MAPPER.createParser(
            new InputStreamReader(
                new ByteBufferBackedInputStream(json), StandardCharsets.UTF_8.newDecoder()))) {
      parser.nextToken(); // the opening brace
      // One entry at a time, so that a hostile header is rejected at its first invalid entry.
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        JsonNode value = ENTRY.readTree(parser);
        if (name.equals(METADATA)) {
          metadata.putAll(metadata(file, value));
        } else {
          tensors.add(new TensorEntry(file, name, value).check(dataLength));
        }
      }
      if (parser.nextToken() != null) {
        throw invalid(file, "the header has trailing content after its JSON object");
      }
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(file + ": the header is " + StrictJson.reason(e), e);
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(file + ": the header is not valid UTF-8", e);
    } catch (IOException e) {
      throw new InvalidInputException(file + ": the header cannot be read: " + Reason.of(e), e);
    }
    tensors.sort(
        Comparator.comparingLong(TensorInfo::begin)
            .thenComparingLong(TensorInfo::end)
            .thenComparing(TensorInfo::name));
    checkCover(file, tensors, dataLength);
    return new SafetensorsHeader(dataBegin, List.copyOf(tensors), Map.copyOf(metadata));
  }

  private static Map<String, String> metadata(Path file, JsonNode value) {
    if (!value.isObject()) {
      throw invalid(file, METADATA + " is " + StrictJson.shown(value) + "; expected an object");
    }
    Map<String, String> metadata = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      if (!entry.getValue().isTextual()) {
        throw invalid(
            file,
            String.format(
                Locale.ROOT,
                "%s: %s is %s; expected a string",
                METADATA,
                Excerpt.of(entry.getKey()),
                StrictJson.shown(entry.getValue())));
      }
      metadata.put(entry.getKey(), entry.getValue().textValue());
    }
    return metadata;
  }

  /**
   * The format allows neither overlaps nor gaps: each tensor begins where the previous one ends.
   */
  private static void checkCover(Path file, List<TensorInfo> inOrder, long dataLength) {
    long covered = 0;
    String before = "the header";
    for (TensorInfo tensor : inOrder) {
      if (tensor.begin() < covered) {
        throw invalid(
            file,
            String.format(
                Locale.ROOT,
                "tensor %s: begins at byte %d of the data, inside %s, which ends at %d",
                Excerpt.of(tensor.name()),
                tensor.begin(),
                before,
                covered));
      }
      if (tensor.begin() > covered) {
        throw invalid(
            file,
            String.format(
                Locale.ROOT,
                "tensor %s: begins at byte %d of the data, but %s ends at %d; gaps are not allowed",
                Excerpt.of(tensor.name()),
                tensor.begin(),
                before,
                covered));
      }
      covered = tensor.end();
      before = "tensor " + Excerpt.of(tensor.name());
    }
    if (covered != dataLength) {
      throw invalid(
          file,
          String.format(
              Locale.ROOT,
              "the last %d bytes of the file belong to no tensor",
              dataLength - covered));
    }
  }

  private static InvalidInputException invalid(Path file, String what) {
    return new InvalidInputException(file + ": " + what);
  }
}
