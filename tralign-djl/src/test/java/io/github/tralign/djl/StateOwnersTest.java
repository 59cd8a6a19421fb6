package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.djl.model.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateOwnersTest {

  private static List<Parameter> ofSizes(long... sizes) {
    List<Parameter> parameters = new ArrayList<>();
    for (long size : sizes) {
      parameters.add(
          new Parameter(
              "p" + parameters.size(),
              Part.EMBEDDING,
              Parameter.NO_LAYER,
              Parameter.NO_HEAD,
              Parameter.Role.MATRIX,
              ImmutableLongArray.of(size)));
    }
    return parameters;
  }

  private static List<Integer> ranks(StateOwners owners, List<Parameter> parameters) {
    return parameters.stream().map(owners::of).toList();
  }

  @Test
  void the_largest_goes_first_to_the_rank_with_the_fewest_values() {
    StateOwners owners = new StateOwners(2);
    List<Parameter> parameters = ofSizes(1, 5, 10, 3, 5);
    owners.assign(parameters);
    assertThat(ranks(owners, parameters)).containsExactly(1, 1, 0, 0, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void all_ranks_have_about_as_many_values(int ranks) {
    long[] sizes = new Random(ranks).longs(60, 1, 1000).toArray();
    StateOwners owners = new StateOwners(ranks);
    List<Parameter> parameters = ofSizes(sizes);
    owners.assign(parameters);
    double part = LongStream.of(sizes).sum() / (double) ranks;
    for (int rank = 0; rank < ranks; rank++) {
      int its = rank;
      long owned =
          parameters.stream().filter(p -> owners.of(p) == its).mapToLong(Parameter::size).sum();
      assertThat(owned).isBetween((long) (0.95 * part), (long) (1.05 * part));
    }
  }

  @Test
  void the_order_of_the_parameters_does_not_matter() {
    List<Parameter> parameters = ofSizes(4, 4, 9, 1, 4, 2, 9);
    StateOwners owners = new StateOwners(3);
    owners.assign(parameters);
    List<Parameter> reversed = new ArrayList<>(parameters);
    Collections.reverse(reversed);
    StateOwners same = new StateOwners(3);
    same.assign(reversed);
    assertThat(ranks(same, parameters)).isEqualTo(ranks(owners, parameters));
  }

  @Test
  void who_has_an_owner_keeps_it_when_others_come() {
    List<Parameter> parameters = ofSizes(10, 10, 100);
    StateOwners owners = new StateOwners(2);
    owners.assign(parameters.subList(0, 2));
    assertThat(owners.has(parameters.get(2))).isFalse();
    owners.assign(parameters);
    owners.assign(parameters);
    assertThat(ranks(owners, parameters)).containsExactly(0, 1, 0);
  }
}
