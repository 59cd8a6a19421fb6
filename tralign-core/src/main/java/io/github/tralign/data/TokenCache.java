package io.github.tralign.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.cache.CacheKey;
import io.github.tralign.cache.CacheReader;
import io.github.tralign.cache.CacheWriter;
import io.github.tralign.data.row.Judgement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Examples on disk, with their counts for the report. */
final class TokenCache {

  /**
   * Version of the rules by which examples are made: to be increased when reading, rendering,
   * splitting or truncation changes, or the file's layout.
   */
  private static final String KIND = "tokens";

  private static final int RULES = 3;

  private final CacheFolder folder;

  TokenCache(CacheFolder folder) {
    this.folder = folder;
  }

  /** Starts the key of a file of examples. */
  static CacheKey key() {
    String version = TokenCache.class.getPackage().getImplementationVersion();
    return new CacheKey(KIND + " " + RULES + " " + version);
  }

  /** The examples of a key, in order; they are added to {@code tally} as when they were made. */
  List<Example> read(CacheKey key, Tally tally) {
    return folder
        .read(KIND, key)
        .map(
            reader -> {
              try (reader) {
                return read(reader, tally);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .orElse(List.of());
  }

  private static List<Example> read(CacheReader in, Tally tally) throws IOException {
    tally.restore(new ObjectMapper().readValue(in.getText(), Tally.Counts.class));
    int size = in.getInt();
    List<Example> examples = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      Example example = example(in);
      tally.used(example);
      examples.add(example);
    }
    return examples;
  }

  private static Example example(CacheReader in) throws IOException {
    String origin = in.getText();
    Judgement judgement =
        new Judgement(
            Judgement.Label.values()[in.getInt()], in.getDouble(), optional(in), optional(in));
    ImmutableIntArray prompt = in.getInts();
    int number = in.getInt();
    ImmutableList.Builder<ImmutableIntArray> completions = ImmutableList.builder();
    for (int k = 0; k < number; k++) {
      completions.add(in.getInts());
    }
    return new Example(prompt, completions.build(), judgement, origin);
  }

  /** Stores examples and the counts of {@code tally}. */
  void write(CacheKey key, List<Example> examples, Tally tally) {
    folder.write(
        KIND,
        key,
        out -> {
          out.putText(new ObjectMapper().writeValueAsString(tally.counts()));
          out.putInt(examples.size());
          for (Example example : examples) {
            write(example, out);
          }
        });
  }

  private static void write(Example example, CacheWriter out) throws IOException {
    Judgement judgement = example.judgement();
    out.putText(example.origin());
    out.putInt(judgement.label().ordinal());
    out.putDouble(judgement.weight());
    out.putDouble(judgement.margin().orElse(Double.NaN));
    out.putDouble(judgement.winProbability().orElse(Double.NaN));
    out.putInts(example.prompt());
    out.putInt(example.completions().size());
    for (ImmutableIntArray completion : example.completions()) {
      out.putInts(completion);
    }
  }

  /** Neither margins nor probabilities are ever NaN. */
  private static OptionalDouble optional(CacheReader in) throws IOException {
    double value = in.getDouble();
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
