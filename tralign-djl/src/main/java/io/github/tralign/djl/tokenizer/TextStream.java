package io.github.tralign.djl.tokenizer;

import static java.util.Objects.requireNonNull;

import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import java.util.function.Function;

/**
 * The text of tokens that come one by one. Text is given out as soon as later tokens cannot change
 * it: a token may end within a character, and some tokenizers decide about a blank by the token
 * before. Together the parts are the text that follows the prompt.
 *
 * <p>Not thread-safe.
 */
public final class TextStream {

  /** Tokens of the prompt that are decoded with the first ones. */
  private static final int CONTEXT = 8;

  private static final char INCOMPLETE = '\uFFFD';

  private final Function<int[], String> decode;
  private ImmutableIntArray context; // its text has been given out
  private String before; // the text of the context
  private ImmutableIntArray pending = ImmutableIntArray.of();

  private TextStream(Function<int[], String> decode, ImmutableIntArray context) {
    this.decode = decode;
    this.context = context;
    this.before = decode.apply(context.toArray());
  }

  /** The text of tokens after a prompt, which may be empty. */
  public static TextStream after(ImmutableIntArray prompt, CheckpointTokenizer tokenizer) {
    requireNonNull(prompt, "prompt");
    requireNonNull(tokenizer, "tokenizer");
    return after(prompt, tokenizer::decode);
  }

  static TextStream after(ImmutableIntArray prompt, Function<int[], String> decode) {
    int from = Math.max(0, prompt.length() - CONTEXT);
    return new TextStream(decode, prompt.subArray(from, prompt.length()).trimmed());
  }

  /** Adds a token, and returns the text that is certain now; empty if there is none. */
  public String add(int token) {
    pending = plus(pending, ImmutableIntArray.of(token));
    ImmutableIntArray all = plus(context, pending);
    String text = decode.apply(all.toArray());
    if (text.isEmpty() || text.charAt(text.length() - 1) == INCOMPLETE || text.equals(before)) {
      return "";
    }
    return give(text);
  }

  /** The rest of the text, when no token follows. */
  public String end() {
    return pending.isEmpty() ? "" : give(decode.apply(plus(context, pending).toArray()));
  }

  private String give(String text) {
    // Invalid bytes can change what is before them; then they are decoded by themselves.
    String part =
        text.startsWith(before) ? text.substring(before.length()) : decode.apply(pending.toArray());
    context = pending;
    before = decode.apply(context.toArray());
    pending = ImmutableIntArray.of();
    return part;
  }

  private static ImmutableIntArray plus(ImmutableIntArray one, ImmutableIntArray other) {
    return ImmutableIntArray.copyOf(Ints.concat(one.toArray(), other.toArray()));
  }
}
