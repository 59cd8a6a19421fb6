package io.github.tralign.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Beside the generator of the JDK, which the tests have. */
class L64X128MixTest {

  @Property(tries = 200)
  void it_gives_the_numbers_of_the_jdk(@ForAll long seed) {
    RandomGenerator expected = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    RandomGenerator actual = new L64X128Mix(seed);
    for (int bound = 1; bound <= 50; bound++) {
      assertThat(actual.nextLong()).isEqualTo(expected.nextLong());
      assertThat(actual.nextInt(bound)).isEqualTo(expected.nextInt(bound));
      assertThat(actual.nextDouble()).isEqualTo(expected.nextDouble());
      assertThat(actual.nextGaussian()).isEqualTo(expected.nextGaussian());
      assertThat(actual.nextBoolean()).isEqualTo(expected.nextBoolean());
    }
  }
}
