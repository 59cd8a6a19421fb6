package org.example;

import io.github.tralign.testkit.LossCheck;
import org.junit.jupiter.api.Test;

class HingeTest {

  @Test
  void the_loss_of_ones_own_passes_the_test_kit() {
    LossCheck.check(new Main.Hinge(0.1));
  }
}
