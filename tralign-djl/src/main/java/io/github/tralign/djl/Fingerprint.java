package io.github.tralign.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.kernel.TorchChoice;
import io.github.tralign.djl.kernel.TorchFolder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.DoubleConsumer;

/**
 * Identifies everything that scores depend on, to the last bit: the weights, and how and where
 * scores are computed.
 *
 * @param computation engine, device, processor, threads, precision, rows of the head, and kernels
 */
record Fingerprint(String computation, ConfigJson config) {

  /** Increase this when the kernels' results change, even by rounding. */
  private static final int KERNELS = 6;

  static Fingerprint of(
      DjlPolicyBuilder settings, Engine engine, Device device, ConfigJson config) {
    return new Fingerprint(
        String.join(
            " ",
            engine.getEngineName(),
            TorchChoice.used().map(TorchFolder::version).orElse(engine.getVersion()),
            device.toString(),
            System.getProperty("os.arch"),
            settings.threads + " of " + Runtime.getRuntime().availableProcessors(),
            settings.precision.on(device.isGpu()).toString(),
            settings.headRows + " " + KERNELS),
        config);
  }

  /** The version of the kernels. */
  static String version() {
    return "DJL kernels " + KERNELS;
  }

  /**
   * The SHA-256 of all this and of the parameters' values, in hex.
   *
   * @param values passes on the values of a parameter
   */
  String of(List<String> parameters, BiConsumer<String, DoubleConsumer> values) {
    Hasher hasher = Hashing.sha256().newHasher();
    hasher.putUnencodedChars(computation).putUnencodedChars(config.json().toString());
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    for (String parameter : parameters) {
      hasher.putUnencodedChars(parameter);
      values.accept(
          parameter,
          value -> {
            if (!bytes.hasRemaining()) {
              put(hasher, bytes);
            }
            bytes.putDouble(value);
          });
      put(hasher, bytes);
    }
    return hasher.hash().toString();
  }

  private static void put(Hasher hasher, ByteBuffer bytes) {
    hasher.putBytes(bytes.flip());
    bytes.clear();
  }
}
