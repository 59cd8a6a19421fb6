package io.github.tralign.cli;

import com.google.common.collect.ImmutableList;
import io.github.tralign.optimizer.ParameterGroup;
import io.github.tralign.optimizer.ParameterGroups;
import io.github.tralign.optimizer.WeightDecayScope;
import io.github.tralign.text.Numbers;
import io.github.tralign.train.TrainerBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which parameters are trained, and with which settings. */
final class ParameterOptions {

  private static final String FREEZE = "--freeze";
  private static final String GROUP = "--group";

  @Option(
      names = FREEZE,
      paramLabel = "PATTERN",
      description = {
        "Parameters that are not trained, by name: * matches any text, ? one character, [0-3] one"
            + " of several characters, {a,b} one of two texts; a ! in front means all others. May be"
            + " given several times. Default: none."
      })
  private @Nullable List<String> frozen;

  @Option(
      names = GROUP,
      paramLabel = "GROUP",
      description = {
        "Parameters with settings of their own, as in",
        "'*.bias:lr-factor=0.1:weight-decay=0'.",
        "lr-factor multiplies the learning rate, weight-decay replaces --weight-decay. May be"
            + " given several times; the first group that matches a parameter applies, after"
            + " --freeze. Default: none."
      })
  private @Nullable List<ParameterGroup> groups;

  @Option(
      names = "--decay-on",
      paramLabel = "all|matrices",
      description = {
        "Where --weight-decay applies: all parameters, or matrices only, not biases and norms."
            + " Default: ${DEFAULT-VALUE}."
      })
  private WeightDecayScope decayed = WeightDecayScope.ALL;

  /** Whether some parameters are not trained. */
  boolean freezes() {
    return frozen != null;
  }

  void applyTo(TrainerBuilder trainer) {
    trainer.groups(all());
  }

  /** Refuses patterns that do not fit a policy's parameters. */
  void check(List<String> parameters) {
    Refusal.naming(FREEZE, () -> ParameterGroups.of(frozen()).assign(parameters, name -> name));
    Refusal.naming(GROUP, () -> all().assign(parameters, name -> name));
  }

  /**
   * How many parameters each pattern matches, and the rest; empty without patterns.
   *
   * @param sizes numbers of each parameter, by name
   */
  List<String> lines(Map<String, Long> sizes) {
    ImmutableList<ParameterGroup> groups = all().groups();
    if (groups.isEmpty()) {
      return List.of();
    }
    Map<ParameterGroup, LongSummaryStatistics> found =
        all().assign(sizes.keySet(), name -> name).entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getValue,
                    Collectors.summarizingLong(entry -> sizes.getOrDefault(entry.getKey(), 0L))));
    List<String> lines = new ArrayList<>();
    for (ParameterGroup group : groups) {
      lines.add(line(group.toString(), found.remove(group)));
    }
    found.values().forEach(rest -> lines.add(line("all others", rest)));
    return lines;
  }

  private static String line(String name, @Nullable LongSummaryStatistics sizes) {
    long tensors = sizes == null ? 0 : sizes.getCount();
    long numbers = sizes == null ? 0 : sizes.getSum();
    return String.format(
        Locale.ROOT,
        "%-40s %s, %s",
        name,
        Numbers.count(tensors, "tensor"),
        Numbers.count(numbers, "number"));
  }

  private ParameterGroups all() {
    List<ParameterGroup> all = new ArrayList<>(frozen());
    if (groups != null) {
      all.addAll(groups);
    }
    return ParameterGroups.of(all).decayed(decayed);
  }

  private List<ParameterGroup> frozen() {
    List<String> patterns = frozen == null ? List.of() : frozen;
    return Refusal.naming(FREEZE, () -> patterns.stream().map(ParameterGroup::frozen).toList());
  }
}
