package io.github.tralign.judge.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.judge.Goldens;
import org.junit.jupiter.api.Test;

class PythonRandomTest {

  @Test
  void numbers_are_those_of_python() {
    JsonNode golden = Goldens.read("python_random");
    assertThat(golden).hasSize(4);
    for (JsonNode each : golden) {
      PythonRandom random = new PythonRandom(each.path("seed").textValue());
      double[] expected = Goldens.numbers(each.path("numbers"));
      for (int i = 0; i < 10 * 70; i++) {
        double number = random.nextDouble();
        if (i % 70 == 0) {
          assertThat(number).isEqualTo(expected[i / 70]);
        }
      }
    }
  }

  @Test
  void choices_are_those_of_python() {
    JsonNode golden = Goldens.read("switched");
    assertThat(golden).hasSizeGreaterThan(30);
    for (JsonNode each : golden) {
      String seed = "is_switched_outputs" + each.get(0).textValue() + "123";
      assertThat(new PythonRandom(seed).nextBoolean())
          .as(each.get(0).textValue())
          .isEqualTo(each.get(1).booleanValue());
    }
  }
}
