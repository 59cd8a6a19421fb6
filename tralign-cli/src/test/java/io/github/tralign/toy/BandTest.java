package io.github.tralign.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BandTest {

  @Test
  void mean_and_standard_deviation_are_those_of_each_step() {
    Band band = Band.over(new double[][] {{1, 4}, {2, 4}, {6, 1}});
    assertThat(band.mean()).containsExactly(new double[] {3, 3}, within(1e-12));
    assertThat(band.std())
        .containsExactly(new double[] {Math.sqrt(7), Math.sqrt(3)}, within(1e-12));
  }

  @Test
  void a_single_run_has_no_spread() {
    Band band = Band.over(new double[][] {{1, 4, 2}});
    assertThat(band.mean()).containsExactly(1, 4, 2);
    assertThat(band.std()).containsOnly(0);
  }

  @Test
  void ends_and_extremes_are_found() {
    Band band = Band.over(new double[][] {{2, 1, 5, 1, 3}});
    assertThat(band.most()).isEqualTo(5);
    assertThat(band.least()).isEqualTo(1);
    assertThat(band.leastAt()).isEqualTo(1);
    assertThat(band.lastMean()).isEqualTo(3);
    assertThat(band.upperEdge()).isEqualTo(5);
  }
}
