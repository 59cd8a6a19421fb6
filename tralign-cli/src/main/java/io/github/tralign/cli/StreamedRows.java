package io.github.tralign.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.DataReport;
import io.github.tralign.data.DataStatistics;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.train.TrainerBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Rows that are read during training.
 *
 * @param sample the first of them
 * @param hashes SHA-256 of the files
 */
record StreamedRows(
    PreferenceStream stream, ImmutableList<Example> sample, ImmutableMap<Path, String> hashes)
    implements RunData {

  private static final int SAMPLE = 64;

  /** Looks at the first rows, and at the files' bytes. */
  static StreamedRows of(PreferenceStream stream, List<Path> files) {
    ImmutableMap.Builder<Path, String> hashes = ImmutableMap.builder();
    ImmutableList<Example> sample = stream.first(SAMPLE);
    files.forEach(file -> hashes.put(file, Provenance.sha256(file)));
    return new StreamedRows(stream, sample, hashes.buildOrThrow());
  }

  @Override
  public void addTo(TrainerBuilder trainer) {
    trainer.data(stream);
  }

  @Override
  public DataReport report() {
    return stream.report();
  }

  @Override
  public DataStatistics statistics() {
    return stream.statistics();
  }

  @Override
  public List<String> before() {
    List<String> lines = new ArrayList<>();
    hashes.forEach(
        (file, hash) -> lines.add(String.format(Locale.ROOT, "%s: SHA-256 %.12s…", file, hash)));
    lines.add("rows are read during training; the data report follows at the end");
    return lines;
  }

  @Override
  public List<String> after() {
    return report().summary();
  }

  @Override
  public Map<String, Object> provenance() {
    List<Map<String, String>> files = new ArrayList<>();
    hashes.forEach(
        (file, hash) -> files.add(ImmutableMap.of("path", file.toString(), "sha256", hash)));
    return ImmutableMap.of("data-files", files);
  }

  @Override
  public Optional<String> fingerprint() {
    return Optional.empty();
  }
}
