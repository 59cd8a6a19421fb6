package io.github.tralign.data.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * Decodes UTF-8 and skips a byte order mark. Invalid bytes become replacement characters, and their
 * positions are recorded, so a parser can continue after them, and the record that contains them is
 * rejected with its line.
 */
final class Utf8Reader extends Reader {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final char REPLACEMENT = '\uFFFD';

  /** Invalid bytes: the characters before them, and their line, from 1. */
  private record Fault(long offset, long line) {}

  private final InputStream in;
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).flip();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private long offset;
  private long line = 1;
  private char last;
  private boolean begun;
  private boolean ended;

  Utf8Reader(InputStream in) {
    this.in = in;
  }

  /**
   * The line of the first invalid bytes before an offset that was not returned yet.
   *
   * @param before a number of characters, without the byte order mark
   */
  OptionalLong faultBefore(long before) {
    OptionalLong first = OptionalLong.empty();
    while (!faults.isEmpty() && faults.element().offset() < before) {
      Fault fault = faults.remove();
      first = first.isPresent() ? first : OptionalLong.of(fault.line());
    }
    return first;
  }

  @Override
  public int read(char[] to, int from, int length) throws IOException {
    // All recorded faults are in the current record, so the first one is enough.
    while (faults.size() > 1) {
      faults.removeLast();
    }
    CharBuffer chars = CharBuffer.wrap(to, from, length).slice();
    while (chars.position() == 0 && chars.hasRemaining() && !(ended && !bytes.hasRemaining())) {
      fill();
      decode(chars);
    }
    return chars.position() == 0 && length > 0 ? -1 : chars.position();
  }

  private void fill() throws IOException {
    if (!begun) {
      begun = true;
      bytes.limit(in.readNBytes(bytes.array(), 0, BYTE_ORDER_MARK.length));
      if (Arrays.equals(
          bytes.array(), 0, bytes.limit(), BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length)) {
        bytes.position(bytes.limit());
      }
    } else if (!ended) {
      bytes.compact();
      int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
      ended = read < 0;
      bytes.position(bytes.position() + Math.max(read, 0)).flip();
    }
  }

  private void decode(CharBuffer chars) {
    CoderResult result;
    do {
      int begin = chars.position();
      result = decoder.decode(bytes, chars, ended);
      count(chars, begin);
      if (result.isMalformed() && chars.hasRemaining()) {
        bytes.position(bytes.position() + result.length());
        faults.add(new Fault(offset, line));
        chars.put(REPLACEMENT);
        count(chars, chars.position() - 1);
      }
    } while (result.isMalformed() && chars.hasRemaining());
  }

  private void count(CharBuffer chars, int begin) {
    for (int i = begin; i < chars.position(); i++) {
      char c = chars.array()[chars.arrayOffset() + i];
      line += c == '\r' || c == '\n' && last != '\r' ? 1 : 0;
      last = c;
    }
    offset += chars.position() - begin;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
