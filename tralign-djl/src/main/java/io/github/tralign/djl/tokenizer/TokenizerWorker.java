package io.github.tralign.djl.tokenizer;

import io.github.tralign.data.TokenizationException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program that {@link TokenizerProcess} runs: it loads tokenizers, encodes texts and decodes
 * tokens as requested on its standard input, until that ends. A tokenizer may crash it without
 * affecting the parent process.
 *
 * <p>A request is a byte followed by its operands; an answer is a byte ({@link #DONE} or {@link
 * #FAILED}) followed by a result or a message. A text is its length and UTF-16, so that no text is
 * changed.
 */
final class TokenizerWorker {

  static final int LOAD = 1; // operand: the content of tokenizer.json
  static final int ENCODE = 2; // operands: whether to add special tokens, and a list of texts
  static final int DONE = 3;
  static final int FAILED = 4;
  static final int DECODE = 5; // operand: token ids

  private TokenizerWorker() {}

  /** Serves requests until the input ends. */
  public static void main(String[] arguments) throws IOException {
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out, 1 << 16));
    System.setOut(System.err);
    serve(new DataInputStream(new BufferedInputStream(System.in, 1 << 16)), out);
  }

  private static void serve(DataInputStream in, DataOutputStream out) throws IOException {
    Encoder encoder = null;
    new LibraryEncoder(MINIMAL).close(); // loads the native library
    out.writeByte(DONE);
    while (true) {
      out.flush();
      int request;
      try {
        request = in.readByte();
      } catch (EOFException e) {
        return;
      }
      if (request == LOAD) {
        encoder = load(encoder, readText(in), out);
      } else if (request == DECODE && encoder != null) {
        decode(encoder, in, out);
      } else if (encoder != null) {
        encode(encoder, in, out);
      }
    }
  }

  private static final String MINIMAL =
      "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[],"
          + "\"normalizer\":null,\"pre_tokenizer\":null,\"post_processor\":null,\"decoder\":null,"
          + "\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0},\"unk_token\":\"a\"}}";

  private static @Nullable Encoder load(@Nullable Encoder before, String json, DataOutputStream out)
      throws IOException {
    if (before != null) {
      before.close();
    }
    try {
      Encoder encoder = new LibraryEncoder(json);
      out.writeByte(DONE);
      return encoder;
    } catch (RuntimeException e) {
      fail(out, e);
      return null;
    }
  }

  private static void encode(Encoder encoder, DataInputStream in, DataOutputStream out)
      throws IOException {
    boolean addSpecialTokens = in.readBoolean();
    List<String> texts = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      texts.add(readText(in));
    }
    List<Object> results =
        texts.parallelStream().map(it -> result(encoder, it, addSpecialTokens)).toList();
    for (Object result : results) {
      if (result instanceof int[] ids) {
        out.writeByte(DONE);
        writeIds(ids, out);
      } else {
        out.writeByte(FAILED);
        writeText((String) result, out);
      }
    }
  }

  private static void decode(Encoder encoder, DataInputStream in, DataOutputStream out)
      throws IOException {
    int[] tokens = readIds(in);
    try {
      String text = encoder.decode(tokens);
      out.writeByte(DONE);
      writeText(text, out);
    } catch (RuntimeException e) {
      fail(out, e);
    }
  }

  private static Object result(Encoder encoder, String text, boolean addSpecialTokens) {
    try {
      return encoder.encode(List.of(text), addSpecialTokens).get(0);
    } catch (TokenizationException e) {
      return e.reason();
    }
  }

  private static void fail(DataOutputStream out, RuntimeException e) throws IOException {
    out.writeByte(FAILED);
    writeText(String.valueOf(e.getMessage()), out);
  }

  static void writeText(String text, DataOutputStream out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(2 * text.length());
    bytes.asCharBuffer().put(text);
    out.writeInt(text.length());
    out.write(bytes.array());
  }

  static String readText(DataInputStream in) throws IOException {
    byte[] bytes = in.readNBytes(2 * in.readInt());
    return ByteBuffer.wrap(bytes).asCharBuffer().toString();
  }

  static void writeIds(int[] ids, DataOutputStream out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length);
    bytes.asIntBuffer().put(ids);
    out.writeInt(ids.length);
    out.write(bytes.array());
  }

  static int[] readIds(DataInputStream in) throws IOException {
    int[] ids = new int[in.readInt()];
    ByteBuffer.wrap(in.readNBytes(4 * ids.length)).asIntBuffer().get(ids);
    return ids;
  }
}
