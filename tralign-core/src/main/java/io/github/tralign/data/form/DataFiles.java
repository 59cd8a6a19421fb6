package io.github.tralign.data.form;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.RowFault;
import io.github.tralign.data.source.MapRecords;
import io.github.tralign.data.source.RecordFiles;
import io.github.tralign.text.Numbers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The data files named by the user, and how they are read.
 *
 * <p>A path is a file, whose suffix gives its format, or a folder, whose files with known suffixes
 * are read in the order of their names. The paths are read one after the other as if they were one
 * file, or mixed by weights: then each row is taken from a path drawn at random with a probability
 * proportional to its weight, and reading ends when the drawn path has no more rows. So the
 * proportions hold to the end, and no row is used twice; the rest of the other paths is not read.
 *
 * @param paths at least one
 * @param weights one for each path, all &gt; 0; empty to read one path after the other
 * @param settings how records become rows
 */
public record DataFiles(
    ImmutableList<Path> paths, ImmutableList<Double> weights, FormSettings settings) {

  /**
   * Checks paths and weights.
   *
   * @throws IllegalArgumentException if there is no path, or the weights are not one for each
   */
  public DataFiles {
    requireNonNull(weights, "weights");
    requireNonNull(settings, "settings");
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("at least one data file is required");
    }
    if (!weights.isEmpty() && weights.size() != paths.size()) {
      throw new IllegalArgumentException(
          Numbers.count(weights.size(), "weight")
              + " for "
              + Numbers.count(paths.size(), "data file")
              + "; expected one for each");
    }
    for (double weight : weights) {
      if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "the weight of a data file must be a number above 0, not " + weight);
      }
    }
  }

  /** Files one after the other, with forms recognised by the columns. */
  public static DataFiles of(List<Path> paths) {
    requireNonNull(paths, "paths");
    return new DataFiles(ImmutableList.copyOf(paths), ImmutableList.of(), FormSettings.DEFAULT);
  }

  /** The same with a weight for each path. */
  public DataFiles mixed(List<Double> by) {
    requireNonNull(by, "by");
    return new DataFiles(paths, ImmutableList.copyOf(by), settings);
  }

  /** The same with other settings. */
  public DataFiles with(FormSettings other) {
    requireNonNull(other, "other");
    return new DataFiles(paths, weights, other);
  }

  /**
   * Opens and closes all files, so that a misspelled name is reported before any file is read.
   *
   * @throws InvalidInputException if a file cannot be opened, or has an unknown format
   */
  public void check() {
    expanded().forEach(file -> RecordFiles.open(file).close());
  }

  /** The files in the order of the paths, those of a folder by name. */
  public ImmutableList<Path> expanded() {
    return paths.stream()
        .flatMap(path -> RecordFiles.expand(path).stream())
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * Opens the files for reading.
   *
   * @param faults receives invalid rows and rows to drop, and decides whether invalid ones are
   *     errors, see {@link io.github.tralign.data.row.DropReason#isFault}
   * @throws InvalidInputException if a folder holds no data file
   */
  public RowReader open(Consumer<RowFault> faults) {
    return open(faults, (file, column) -> {});
  }

  /**
   * As {@link #open(Consumer)}.
   *
   * @param unread takes a file and the name of a column that is not read, once for each, as soon as
   *     a row has something there
   */
  public RowReader open(Consumer<RowFault> faults, BiConsumer<String, String> unread) {
    requireNonNull(faults, "faults");
    requireNonNull(unread, "unread");
    if (weights.isEmpty()) {
      return chain(expanded(), faults, unread);
    }
    return new MixedRows(
        paths.stream().map(path -> chain(RecordFiles.expand(path), faults, unread)).toList(),
        weights,
        settings.seed());
  }

  /** Reads records from memory: maps of texts, numbers, booleans, lists and maps. */
  public static RowReader ofMaps(
      Iterable<? extends Map<String, ?>> records,
      FormSettings settings,
      Consumer<RowFault> faults) {
    requireNonNull(records, "records");
    requireNonNull(faults, "faults");
    return new FileRows("in memory", new MapRecords(records), settings, faults, column -> {});
  }

  private RowReader chain(
      List<Path> files, Consumer<RowFault> faults, BiConsumer<String, String> unread) {
    return new ChainedRows(
        files,
        file ->
            new FileRows(
                file.toString(),
                RecordFiles.open(file),
                settings,
                faults,
                column -> unread.accept(file.toString(), column)));
  }
}
