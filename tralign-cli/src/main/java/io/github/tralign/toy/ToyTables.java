package io.github.tralign.toy;

import com.google.common.collect.ImmutableList;
import io.github.tralign.figure.NumberTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The numbers of a result as CSV. */
final class ToyTables {

  private ToyTables() {}

  /** Mean and standard deviation of each measure: a row for each method and measured step. */
  static NumberTable courses(ToyResult result) {
    List<Object> heads = new ArrayList<>(List.of("method", "step"));
    for (Measure measure : Measure.values()) {
      heads.add(measure.column() + "_mean");
      heads.add(measure.column() + "_std");
    }
    NumberTable csv = new NumberTable(heads);
    for (int method = 0; method < result.methods().size(); method++) {
      int it = method;
      List<Band> bands =
          Arrays.stream(Measure.values()).map(measure -> result.band(it, measure)).toList();
      for (int i = 0; i < result.steps().length; i++) {
        List<Object> row = new ArrayList<>();
        row.add(result.methods().get(method).title());
        row.add((int) result.steps()[i]);
        for (Band band : bands) {
          row.add(band.mean()[i]);
          row.add(band.std()[i]);
        }
        csv.row(row);
      }
    }
    return csv;
  }

  /** Each measure after the last step: a row for each method and seed. */
  static NumberTable runs(ToyResult result) {
    List<Object> heads = new ArrayList<>(List.of("method", "seed"));
    Arrays.stream(Measure.values()).map(Measure::column).forEach(heads::add);
    NumberTable csv = new NumberTable(heads);
    for (int method = 0; method < result.methods().size(); method++) {
      int seed = 1;
      for (ImmutableList<RunMeasures> courses : result.courses()) {
        List<Object> row = new ArrayList<>(List.of(result.methods().get(method).title(), seed++));
        for (Measure measure : Measure.values()) {
          double[] course = courses.get(method).of(measure);
          row.add(course[course.length - 1]);
        }
        csv.row(row);
      }
    }
    return csv;
  }
}
