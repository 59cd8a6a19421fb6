package io.github.tralign.judge.statistics;

import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Python's {@code random.Random(text)}: the Mersenne Twister (Matsumoto and Nishimura, 1998), whose
 * seed is the text followed by its SHA-512. Python programs of benchmarks draw by it, so that their
 * draws can be repeated.
 */
public final class PythonRandom {

  private static final int N = 624;
  private static final int M = 397;
  private static final BigInteger WORD = BigInteger.ONE.shiftLeft(32);

  private final int[] state = new int[N];
  private int next = N;

  /** A generator with a text as its seed. */
  public PythonRandom(String seed) {
    byte[] text = seed.getBytes(StandardCharsets.UTF_8);
    byte[] hash = Hashing.sha512().hashBytes(text).asBytes();
    begin(words(new BigInteger(1, Bytes.concat(text, hash))));
  }

  private static int[] words(BigInteger number) {
    int[] words = new int[(number.bitLength() + 31) / 32];
    BigInteger rest = number;
    for (int i = 0; i < words.length; i++) {
      words[i] = rest.mod(WORD).intValue();
      rest = rest.shiftRight(32);
    }
    return words;
  }

  private void begin(int[] key) {
    state[0] = 19650218;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
    int i = 1;
    for (int k = 0; k < Math.max(N, key.length); k++) {
      int j = k % key.length;
      state[i] = (state[i] ^ mixed(i - 1) * 1664525) + key[j] + j;
      i = following(i);
    }
    for (int k = 0; k < N - 1; k++) {
      state[i] = (state[i] ^ mixed(i - 1) * 1566083941) - i;
      i = following(i);
    }
    state[0] = 0x80000000;
  }

  private int mixed(int i) {
    return state[i] ^ (state[i] >>> 30);
  }

  private int following(int i) {
    if (i < N - 1) {
      return i + 1;
    }
    state[0] = state[N - 1];
    return 1;
  }

  private int nextWord() {
    if (next == N) {
      for (int i = 0; i < N; i++) {
        int bits = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
        state[i] = state[(i + M) % N] ^ (bits >>> 1) ^ ((bits & 1) * 0x9908b0df);
      }
      next = 0;
    }
    int word = state[next++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return word ^ (word >>> 18);
  }

  /** The next number of {@code random()}, uniform in [0, 1). */
  public double nextDouble() {
    long high = nextWord() >>> 5;
    long low = nextWord() >>> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }

  /** What {@code choices([False, True])} gives. */
  public boolean nextBoolean() {
    return nextDouble() >= 0.5;
  }
}
