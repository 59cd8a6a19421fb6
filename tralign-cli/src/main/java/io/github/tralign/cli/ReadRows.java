package io.github.tralign.cli;

import io.github.tralign.data.DataReport;
import io.github.tralign.data.DataStatistics;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.form.SourceReport;
import io.github.tralign.text.Numbers;
import io.github.tralign.train.TrainerBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Rows that were all read before the training.
 *
 * @param why they differ from the rows of the files
 */
record ReadRows(PreferenceData data, String why) implements RunData {

  @Override
  public void addTo(TrainerBuilder trainer) {
    trainer.data(data);
  }

  @Override
  public List<Example> sample() {
    return data.examples();
  }

  @Override
  public DataReport report() {
    return data.report();
  }

  @Override
  public DataStatistics statistics() {
    return data.statistics();
  }

  @Override
  public List<String> before() {
    List<String> lines = new ArrayList<>(report().summary());
    if (data.size() != report().used()) {
      lines.add(
          String.format(Locale.ROOT, "%s; %s in total", why, Numbers.count(data.size(), "row")));
    }
    return lines;
  }

  @Override
  public List<String> after() {
    return List.of();
  }

  @Override
  public Map<String, Object> provenance() {
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("data-files", report().sources().stream().map(ReadRows::file).toList());
    provenance.put("rows-read", report().rows());
    provenance.put("pairs-used", report().used());
    provenance.put("data-fingerprint", data.fingerprint());
    return provenance;
  }

  private static Map<String, Object> file(SourceReport source) {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("path", source.path());
    file.put("sha256", source.sha256());
    file.put("rows", source.rows());
    return file;
  }

  @Override
  public Optional<String> fingerprint() {
    return Optional.of(data.fingerprint());
  }
}
