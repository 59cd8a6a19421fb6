package io.github.tralign.djl;

import static java.util.Comparator.comparingLong;

import io.github.tralign.djl.model.Parameter;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which of several processes has the optimizer state of which parameter: whole parameters, so that
 * each process has about as many values. All processes that assign the same parameters in the same
 * order get the same owners.
 */
final class StateOwners {

  private final long[] owned; // values of each rank
  private final Map<String, Integer> owners = new HashMap<>(); // rank by parameter

  StateOwners(int ranks) {
    owned = new long[ranks];
  }

  /**
   * Assigns those that have no owner, the largest first, each to the rank with the fewest values.
   */
  void assign(Collection<Parameter> parameters) {
    List<Parameter> fresh =
        parameters.stream()
            .filter(it -> !has(it))
            .sorted(comparingLong(Parameter::size).reversed().thenComparing(Parameter::name))
            .toList();
    for (Parameter parameter : fresh) {
      int rank = leastLoaded();
      owners.put(parameter.name(), rank);
      owned[rank] += parameter.size();
    }
  }

  /** Whether a parameter has an owner. */
  boolean has(Parameter parameter) {
    return owners.containsKey(parameter.name());
  }

  /** The rank that owns a parameter. */
  int of(Parameter parameter) {
    return Objects.requireNonNull(owners.get(parameter.name()), parameter.name());
  }

  private int leastLoaded() {
    int least = 0;
    for (int rank = 1; rank < owned.length; rank++) {
      if (owned[rank] < owned[least]) {
        least = rank;
      }
    }
    return least;
  }
}
