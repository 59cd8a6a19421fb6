package io.github.tralign.train.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file: TFRecord frames, each of which holds an {@code Event} of tensorflow's
 * {@code event.proto}. A protocol buffer so small is written by hand.
 */
final class EventFile implements AutoCloseable {

  private static final int MASK_DELTA = 0xa282ead8; // of tensorflow's lib/hash/crc32c.h
  private static final int START = 1; // SessionLog.SessionStatus

  private final AppendedFile file;

  EventFile(Path path) throws IOException {
    file = AppendedFile.create(path);
    try {
      write(event(0).bytes(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      file.close();
      Files.delete(path);
      throw e;
    }
  }

  /** A session begins with this step; a reader drops what earlier files hold of it and later. */
  void start(long step) throws IOException {
    write(event(step).bytes(7, new Message().varint(1, START).toBytes()));
  }

  /** The metrics of a step by name; on disk when the call returns. */
  void scalars(long step, Map<String, Double> values) throws IOException {
    Message summary = new Message();
    values.forEach(
        (name, value) ->
            summary.bytes(
                1,
                new Message()
                    .bytes(1, name.getBytes(StandardCharsets.UTF_8))
                    .fixed32(2, Float.floatToIntBits(value.floatValue()))
                    .toBytes()));
    write(event(step).bytes(5, summary.toBytes()));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static Message event(long step) {
    double now = System.currentTimeMillis() / 1e3;
    return new Message().fixed64(1, Double.doubleToLongBits(now)).varint(2, step);
  }

  /** A frame: the length and its checksum, the data and its checksum. */
  private void write(Message event) throws IOException {
    byte[] data = event.toBytes();
    byte[] length = new Message().int64(data.length).toBytes();
    file.append(
        new Message()
            .raw(length)
            .int32(maskedChecksum(length))
            .raw(data)
            .int32(maskedChecksum(data))
            .toBytes());
  }

  private static int maskedChecksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, bytes.length);
    return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
  }

  /** A message of protocol buffers, field by field. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message varint(int field, long value) {
      return varint((long) field << 3).varint(value);
    }

    Message fixed64(int field, long bits) {
      return varint(field << 3 | 1).int64(bits);
    }

    Message bytes(int field, byte[] bytes) {
      return varint(field << 3 | 2).varint(bytes.length).raw(bytes);
    }

    Message fixed32(int field, int bits) {
      return varint(field << 3 | 5).int32(bits);
    }

    Message int64(long bits) {
      return littleEndian(bits, Long.BYTES);
    }

    Message int32(int bits) {
      return littleEndian(bits, Integer.BYTES);
    }

    Message raw(byte[] bytes) {
      out.writeBytes(bytes);
      return this;
    }

    private Message littleEndian(long bits, int bytes) {
      for (int i = 0; i < bytes; i++) {
        out.write((int) (bits >>> (8 * i)));
      }
      return this;
    }

    private Message varint(long value) {
      long rest = value;
      for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
        out.write((int) (rest & 0x7f | 0x80));
      }
      out.write((int) rest);
      return this;
    }

    byte[] toBytes() {
      return out.toByteArray();
    }
  }
}
