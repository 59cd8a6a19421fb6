package io.github.tralign.data.source;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The compression of a whole file, given by the suffix of its name. */
enum Compression {
  /** Not compressed. */
  NONE("") {
    @Override
    InputStream open(InputStream raw) {
      return raw;
    }

    @Override
    String explain(IOException e) {
      return "cannot be read (" + e.getMessage() + ")";
    }
  },
  /** RFC 1952, in one or several members. */
  GZIP(".gz") {
    @Override
    InputStream open(InputStream raw) throws IOException {
      return new GZIPInputStream(raw, BUFFER_BYTES);
    }

    @Override
    String explain(IOException e) {
      if (e instanceof EOFException) {
        return "the gzip data ends before its end mark; the file is truncated";
      }
      if (e instanceof ZipException) {
        return "Not in GZIP format".equals(e.getMessage())
            ? "not gzip data, though its name ends in .gz"
            : "the gzip data is damaged (" + e.getMessage() + ")";
      }
      return NONE.explain(e);
    }
  },
  /** RFC 8878, in one or several frames. */
  ZSTD(".zst") {
    @Override
    InputStream open(InputStream raw) throws IOException {
      NativeZstd.prepare();
      return new ZstdInputStreamNoFinalizer(raw);
    }

    @Override
    String explain(IOException e) {
      String reason = String.valueOf(e.getMessage());
      if (reason.contains("Unknown frame descriptor")) {
        return "not zstd data, though its name ends in .zst";
      }
      return reason.contains("Truncated source")
          ? "the zstd data ends before its end mark; the file is truncated"
          : "the zstd data is damaged (" + reason + ")";
    }
  };

  private static final int BUFFER_BYTES = 1 << 16;

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /** The decompressed content of {@code raw}. */
  abstract InputStream open(InputStream raw) throws IOException;

  /** Explains a failure of the content's stream to the user. */
  abstract String explain(IOException e);

  String suffix() {
    return suffix;
  }

  static Compression of(Path path) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(GZIP.suffix) ? GZIP : name.endsWith(ZSTD.suffix) ? ZSTD : NONE;
  }
}
