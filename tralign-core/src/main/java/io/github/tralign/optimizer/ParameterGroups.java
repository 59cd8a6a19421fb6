package io.github.tralign.optimizer;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Assigns the parameters of a policy to groups. A parameter belongs to the first group whose
 * pattern matches its name; all others use the optimizer's settings.
 *
 * @param groups in order of precedence
 * @param decayed which parameters {@link AdamW#weightDecay()} applies to; a group's own weight
 *     decay applies to all its parameters
 */
public record ParameterGroups(ImmutableList<ParameterGroup> groups, WeightDecayScope decayed) {

  /** Nothing may be null. */
  public ParameterGroups {
    requireNonNull(groups, "groups");
    requireNonNull(decayed, "decayed");
  }

  private static final ParameterGroups NONE = of();
  private static final int NAMED = 3;

  /** No groups: the same settings for all parameters. */
  public static ParameterGroups none() {
    return NONE;
  }

  /** Groups in order of precedence. */
  public static ParameterGroups of(ParameterGroup... groups) {
    requireNonNull(groups, "groups");
    return of(List.of(groups));
  }

  /** Groups in order of precedence. */
  public static ParameterGroups of(Collection<ParameterGroup> groups) {
    requireNonNull(groups, "groups");
    return new ParameterGroups(ImmutableList.copyOf(groups), WeightDecayScope.ALL);
  }

  /**
   * The same groups, with another choice of the parameters that are decayed. Default {@link
   * WeightDecayScope#ALL}.
   */
  public ParameterGroups decayed(WeightDecayScope decayed) {
    requireNonNull(decayed, "decayed");
    return new ParameterGroups(groups, decayed);
  }

  /**
   * The group of each parameter, in the given order.
   *
   * @param parameters all parameters of a policy
   * @param name of a parameter
   * @throws IllegalArgumentException if a pattern matches no parameter, or only parameters that
   *     earlier patterns match, or if all parameters are frozen
   */
  public <P> ImmutableMap<P, ParameterGroup> assign(
      Collection<P> parameters, Function<P, String> name) {
    requireNonNull(name, "name");
    List<String> names = parameters.stream().map(name).toList();
    Map<String, ParameterGroup> found = new HashMap<>();
    for (ParameterGroup group : groups) {
      List<String> matching = names.stream().filter(group.pattern()::matches).toList();
      int before = found.size();
      matching.forEach(it -> found.putIfAbsent(it, group));
      if (found.size() == before) {
        throw new IllegalArgumentException(complaint(group.pattern(), matching, names));
      }
    }
    ImmutableMap<P, ParameterGroup> assigned =
        Maps.toMap(parameters, it -> found.getOrDefault(name.apply(it), ParameterGroup.REST));
    if (!assigned.isEmpty() && assigned.values().stream().allMatch(ParameterGroup::frozen)) {
      throw new IllegalArgumentException("all parameters are frozen; there is nothing to train");
    }
    return assigned;
  }

  /**
   * The names of the parameters that are trained.
   *
   * @param parameters the names of all parameters of a policy
   * @throws IllegalArgumentException as {@link #assign}
   */
  public ImmutableSet<String> trained(Collection<String> parameters) {
    return Maps.filterValues(assign(parameters, name -> name), group -> !group.frozen())
        .keySet()
        .stream()
        .collect(ImmutableSet.toImmutableSet());
  }

  private static String complaint(
      NamePattern pattern, List<String> matching, List<String> parameters) {
    return matching.isEmpty()
        ? String.format(
            Locale.ROOT,
            "no parameter matches '%s'; the most similar: %s",
            pattern,
            String.join(", ", pattern.nearest(parameters, NAMED)))
        : String.format(
            Locale.ROOT,
            "all parameters that match '%s' already match an earlier pattern, such as %s",
            pattern,
            matching.get(0));
  }
}
