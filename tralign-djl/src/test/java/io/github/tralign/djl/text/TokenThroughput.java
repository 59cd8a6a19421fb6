package io.github.tralign.djl.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.TextRow;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.data.form.RowReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Rows a second from a file to cached tokens, beside the tokenizers library alone on the same texts
 * in memory, and beside taking them from the cache. A program, no test: run it on a quiet machine.
 *
 * <pre>{@code TokenThroughput MODEL_FOLDER DATA_FILE [ROUNDS]}</pre>
 */
final class TokenThroughput {

  private TokenThroughput() {}

  /** Prints each round, and the best of each measurement. */
  public static void main(String[] args) throws IOException {
    Path model = Path.of(args[0]);
    Path file = Path.of(args[1]);
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    List<String> texts = texts(file);
    double[] best = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};
    long rows = 0;
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(model);
        HuggingFaceTokenizer library =
            HuggingFaceTokenizer.newInstance(
                model.resolve("tokenizer.json"),
                Map.of("truncation", "do_not_truncate", "padding", "do_not_pad"))) {
      for (int round = 0; round < rounds; round++) {
        Path folder = Files.createTempDirectory("tokens");
        CacheFolder cache = CacheFolder.at(folder, System.err::println);
        long start = System.nanoTime();
        encode(library, texts);
        long alone = System.nanoTime();
        PreferenceData made = read(tokenizer, file, cache);
        long cached = System.nanoTime();
        PreferenceData again = read(tokenizer, file, cache);
        long end = System.nanoTime();
        if (!again.equals(made)) {
          throw new AssertionError("the cache gives other rows");
        }
        rows = made.report().rows();
        double[] seconds = {(alone - start) / 1e9, (cached - alone) / 1e9, (end - cached) / 1e9};
        print("round " + (round + 1), rows, seconds);
        for (int i = 0; i < seconds.length; i++) {
          best[i] = Math.min(best[i], seconds[i]);
        }
      }
    }
    print("best", rows, best);
  }

  /** As fast as the library goes: nothing but the ids of all texts in one call. */
  private static void encode(HuggingFaceTokenizer library, List<String> texts) {
    TokenizersLibrary calls = TokenizersLibrary.LIB;
    for (long encoding :
        calls.batchEncode(library.getHandle(), texts.toArray(String[]::new), false)) {
      calls.getTokenIds(encoding);
      calls.deleteEncoding(encoding);
    }
  }

  private static void print(String what, long rows, double[] seconds) {
    System.out.printf(
        Locale.ROOT,
        "%s: library alone %,.0f rows/s, file to cached tokens %,.0f rows/s (%.2f of it),"
            + " from the cache %,.0f rows/s (%.3f s)%n",
        what,
        rows / seconds[0],
        rows / seconds[1],
        seconds[0] / seconds[1],
        rows / seconds[2],
        seconds[2]);
  }

  private static PreferenceData read(CheckpointTokenizer tokenizer, Path file, CacheFolder cache) {
    return PreferenceData.read(tokenizer).skipInvalid(true).maxLength(512).cache(cache).file(file);
  }

  /** Each prompt once, and each completion alone: as few texts as there can be. */
  private static List<String> texts(Path file) {
    List<String> texts = new ArrayList<>();
    try (RowReader rows = DataFiles.of(List.of(file)).open(fault -> {})) {
      while (rows.hasNext()) {
        TextRow row = (TextRow) rows.next();
        texts.add(row.prompt());
        row.completions().forEach(it -> texts.add(it + "<|endoftext|>"));
      }
    }
    return texts;
  }
}
