package io.github.tralign.report;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.Maps;
import com.google.common.collect.SetMultimap;
import com.google.common.math.Stats;
import io.github.tralign.report.Curves.Curve;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Runs with the same settings but for their seeds, which a comparison shows as one; or a single
 * run.
 *
 * @param runs at least one
 * @param curves of a single run, or the means of several
 */
record SeedGroup(ImmutableList<RunFiles> runs, Curves curves) {

  private static final String SEED = "seed";
  private static final String NO_STEPS = "no steps"; // is no name of a setting
  private static final String WEIGHTS = "policy-sha256";

  private static SeedGroup of(Collection<RunFiles> runs) {
    return new SeedGroup(
        ImmutableList.copyOf(runs),
        MeanCurves.of(runs.stream().map(RunFiles::curves).collect(toImmutableList())));
  }

  /** Each run by itself. */
  static ImmutableMap<String, SeedGroup> each(Map<String, RunFiles> runs) {
    ImmutableMap.Builder<String, SeedGroup> groups = ImmutableMap.builder();
    runs.forEach((name, run) -> groups.put(name, of(List.of(run))));
    return groups.buildOrThrow();
  }

  /** Groups runs, each at the place of its first; {@code runs} and the result are by name. */
  static ImmutableMap<String, SeedGroup> bySettings(Map<String, RunFiles> runs) {
    SetMultimap<Map<String, String>, String> alike = LinkedHashMultimap.create();
    runs.forEach((name, run) -> alike.put(withoutSeed(run), name));
    Map<String, SeedGroup> groups = new LinkedHashMap<>();
    alike
        .asMap()
        .forEach(
            (settings, names) -> {
              Map<String, RunFiles> several = Maps.filterKeys(runs, names::contains);
              if (several.size() > 1 && haveSeedsOfTheirOwn(several.values())) {
                groups.put(name(names, groups), of(several.values()));
              } else {
                groups.putAll(each(several));
              }
            });
    return ImmutableMap.copyOf(groups);
  }

  private static Map<String, String> withoutSeed(RunFiles run) {
    Map<String, String> settings = new LinkedHashMap<>(run.normalized(RunFiles::settings));
    settings.keySet().removeAll(List.of(SEED, RunFiles.OUTPUT));
    if (run.curves().steps() == 0) {
      settings.put(NO_STEPS, ""); // a mean with it would have no steps either
    }
    run.provenance().forEach((key, value) -> putWeights(settings, key, value));
    return settings;
  }

  /** Another model may have been at the same path. */
  private static void putWeights(Map<String, String> settings, String key, String value) {
    if (key.startsWith(WEIGHTS)) {
      settings.put(key, value);
    }
  }

  private static boolean haveSeedsOfTheirOwn(Collection<RunFiles> runs) {
    return runs.stream().map(run -> run.settings().get(SEED)).distinct().count() == runs.size()
        && runs.stream().allMatch(run -> run.settings().containsKey(SEED));
  }

  /** What the names begin with, such as {@code soft (3 seeds)} of {@code soft-1} to 3. */
  private static String name(Collection<String> names, Map<String, SeedGroup> taken) {
    String first = names.iterator().next();
    String common = names.stream().reduce(Strings::commonPrefix).orElse("");
    String stem = common.replaceFirst("[-_./ ]*(seed|s)?[-_./ ]*$", "");
    String count = " (" + names.size() + " seeds)";
    return stem.isEmpty() || taken.containsKey(stem + count) ? first + count : stem + count;
  }

  boolean isOfSeveral() {
    return runs.size() > 1;
  }

  RunFiles first() {
    return runs.get(0);
  }

  /** The values of a single run, or for each key the distinct values of several. */
  Map<String, String> values(Function<RunFiles, ImmutableMap<String, String>> of) {
    SetMultimap<String, String> values = LinkedHashMultimap.create();
    runs.forEach(run -> run.normalized(of).forEach(values::put));
    Map<String, String> joined = new LinkedHashMap<>();
    values.asMap().forEach((key, several) -> joined.put(key, String.join(", ", several)));
    return joined;
  }

  /** One text for all runs, or several that differ. */
  String text(Function<RunFiles, String> of) {
    return runs.stream().map(of).distinct().collect(Collectors.joining(", "));
  }

  /**
   * The mean of a metric over the last tenth of the points, of several runs with the standard
   * deviation between them; empty where not all have the metric.
   */
  String late(String metric) {
    List<Double> late = new ArrayList<>();
    for (RunFiles run : runs) {
      Curve curve = run.curves().byName().get(metric);
      if (curve == null) {
        return "";
      }
      late.add(curve.late());
    }
    Stats stats = Stats.of(late);
    return stats.min() < stats.max()
        ? RunReport.number(stats.mean()) + " ± " + RunReport.number(stats.sampleStandardDeviation())
        : RunReport.number(late.get(0));
  }
}
