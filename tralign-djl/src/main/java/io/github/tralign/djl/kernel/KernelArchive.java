package io.github.tralign.djl.kernel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import com.google.common.io.Resources;
import io.github.tralign.djl.model.DecoderSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The kernels' source as a TorchScript archive: a zip of uncompressed entries, which PyTorch
 * compiles on loading. It makes every operator of PyTorch available, and lets one call from Java
 * run a whole pass.
 */
final class KernelArchive {

  private static final ImmutableList<String> TEXTS =
      ImmutableList.of("module", "head", "statistics", "clip_and_adamw", "weights", "nf4");

  /** The texts that depend on a model. */
  private static final ImmutableList<String> MODEL_TEXTS =
      ImmutableList.of("decoder", "decode", "qk_norm_and_rope", "norms", "linear");

  /** A pickled instance of the class {@code Kernels} without parameters, in training mode. */
  private static final String INSTANCE =
      "\u0080\u0002c__torch__\nKernels\n)\u0081}(X\u0008\0\0\0training\u0088ub.";

  private static final String NO_CONSTANTS = "\u0080\u0002).";

  private KernelArchive() {}

  /**
   * The kernels of a policy.
   *
   * @param chosen the texts of the chosen variants: matrix products, attention, sums of rows
   * @param model the model whose layers are computed, or null for kernels without a model
   */
  static byte[] bytes(List<String> chosen, @Nullable DecoderSpec model) {
    String text = texts(Iterables.concat(TEXTS, chosen));
    return bytes(model == null ? text : text + texts(MODEL_TEXTS) + SpecText.of(model));
  }

  /** The kernels that exchange arrays with other processes. */
  static byte[] collectives() {
    return bytes(texts(ImmutableList.of("module", "collective")));
  }

  private static byte[] bytes(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "data.pkl", INSTANCE.getBytes(StandardCharsets.ISO_8859_1));
      store(zip, "code/__torch__.py", text.getBytes(StandardCharsets.UTF_8));
      store(zip, "constants.pkl", NO_CONSTANTS.getBytes(StandardCharsets.ISO_8859_1));
      store(zip, "version", "10\n".getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static String texts(Iterable<String> names) {
    StringBuilder text = new StringBuilder();
    try {
      for (String name : names) {
        URL resource = Resources.getResource(KernelArchive.class, name + ".torchscript");
        text.append(Resources.toString(resource, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry("kernels/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
