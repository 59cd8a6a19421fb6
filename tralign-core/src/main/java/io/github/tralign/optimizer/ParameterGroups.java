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
 * How the optimizer treats each parameter of a policy. A parameter belongs to the first group whose
 * pattern matches its name; the rest is trained as the optimizer's settings say.
 *
 * @param groups in the order in which they are asked
 * @param decayed what is decayed by {@link AdamW#weightDecay()}; a group's own decay is for all its
 *     parameters
 */
public record ParameterGroups(ImmutableList<ParameterGroup> groups, Decayed decayed) {

  /** Nothing may be null. */
  public ParameterGroups {
    requireNonNull(groups, "groups");
    requireNonNull(decayed, "decayed");
  }

  private static final ParameterGroups NONE = of();
  private static final int NAMED = 3;

  /** All parameters alike. */
  public static ParameterGroups none() {
    return NONE;
  }

  /** Groups in the order in which they are asked. */
  public static ParameterGroups of(ParameterGroup... groups) {
    requireNonNull(groups, "groups");
    return of(List.of(groups));
  }

  /** Groups in the order in which they are asked. */
  public static ParameterGroups of(Collection<ParameterGroup> groups) {
    requireNonNull(groups, "groups");
    return new ParameterGroups(ImmutableList.copyOf(groups), Decayed.ALL);
  }

  /** The same groups with another choice of what is decayed. Default {@link Decayed#ALL}. */
  public ParameterGroups decayed(Decayed decayed) {
    requireNonNull(decayed, "decayed");
    return new ParameterGroups(groups, decayed);
  }

  /**
   * The group of each parameter, in the order given.
   *
   * @param parameters all of a policy
   * @param name of a parameter
   * @throws IllegalArgumentException if a pattern matches no parameter, or only such that patterns
   *     before it match, or if all parameters are frozen
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
   * @param parameters the names of all of a policy's
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
            "no parameter has a name like '%s'; the nearest: %s",
            pattern,
            String.join(", ", pattern.nearest(parameters, NAMED)))
        : String.format(
            Locale.ROOT,
            "the parameters like '%s' belong to patterns before it already, such as %s",
            pattern,
            matching.get(0));
  }
}
