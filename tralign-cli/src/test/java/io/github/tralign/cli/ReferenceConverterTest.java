package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.TR;
import io.github.tralign.reference.ReferencePolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class ReferenceConverterTest {

  private final ReferenceConverter converter = new ReferenceConverter();

  @Test
  void every_rule_is_read_as_it_is_written() {
    List<ReferencePolicy> rules =
        List.of(
            TR.fixed(),
            TR.soft(0.6),
            TR.soft(0.6).warmup(100),
            TR.soft(0.6).warmup(100).from(50),
            new FactorAverage(TR.soft(0.6).from(50)),
            TR.hard(512),
            TR.hard(512).from(1000),
            TR.hard(64).growth(1.5),
            TR.hard(64).growth(1.5).from(128),
            TR.hardEpochs(1),
            TR.hardEpochs(0.5).from(10),
            TR.mixed(0.6, 512).warmup(2000),
            TR.distance(0.05),
            TR.distance(0.05).alpha(0.6).smoothing(0.9).minSteps(16).warmup(100).from(50));
    for (ReferencePolicy rule : rules) {
      assertThat(converter.convert(rule.toString())).isEqualTo(rule);
    }
  }

  @Test
  void epochs_may_be_written_as_people_say_them() {
    assertThat(converter.convert("hard:1epoch")).isEqualTo(TR.hardEpochs(1));
    assertThat(converter.convert("hard:2epochs")).isEqualTo(TR.hardEpochs(2));
    assertThat(converter.convert("hard:0.5epoch")).isEqualTo(TR.hardEpochs(0.5));
  }

  @Test
  void settings_come_in_any_order() {
    assertThat(converter.convert("distance:1:from=9:min-steps=4:alpha=0.5"))
        .isEqualTo(converter.convert("distance:1:alpha=0.5:min-steps=4:from=9"));
    assertThat(converter.convert("hard:8:from=9:growth=2")).isEqualTo(TR.hard(8).growth(2).from(9));
  }

  @ParameterizedTest(name = "--reference {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ""                      | unknown reference ''; expected fixed, soft:A, hard:T (steps, or epochs as in 0.5epoch), mixed:A:T or distance:D
          distanse:0.1            | unknown reference 'distanse:0.1'; did you mean distance? expected fixed
          warmup=3                | unknown reference 'warmup=3'; expected fixed
          hard:1:2                | 'hard:1:2' is not complete or has too many parts; expected fixed
          distance                | 'distance' is not complete
          distance:far            | 'distance:far': the distance, 'far', is not a number
          distance:0              | 'distance:0': the distance above which the reference moves must be a number > 0, not 0.0
          hard:epoch              | tau in epochs, '', is not a number
          hard:1epochen           | tau in epochs, '1epochen', is not a number
          hard:0epoch             | tau, the number of epochs between updates, must be a number > 0, not 0.0
          mixed:0.6:1epoch        | tau, '1epoch', is not a whole number
          fixed:from=3            | fixed has no settings, such as 'from=3'
          soft:0.6:wramup=3       | 'wramup=3' is no setting of soft; did you mean warmup? known: warmup=, from=, average=
          soft:0.6:growth=3       | 'growth=3' is no setting of soft; known: warmup=, from=, average=
          soft:0.6:warmup=3:0.5   | '0.5' is no setting of soft; known: warmup=, from=, average=
          soft:0.6:warmup         | 'soft:0.6:warmup' is not complete or has too many parts
          soft:0.6:warmup=        | warmup, '', is not a whole number
          soft:0.6:warmup=0       | warmup, the steps over which the weight rises, must be at least 1, not 0
          soft:0.6:from=0         | from, the first step that may move the reference, must be at least 1, not 0
          soft:0.6:average=weights | average, 'weights', is unknown; expected factors
          soft:0.6:from=1:from=2  | from is given twice
          hard:8:growth=1         | growth, the factor from one time between updates to the next, must be a number > 1, not 1.0
          hard:1epoch:growth=2    | growth needs a tau in steps, as in hard:64:growth=2
          distance:1:smoothing=1  | smoothing, the old distance's share in the new one, must lie in [0, 1), not be 1.0
          distance:1:min-steps=.5 | min-steps, '.5', is not a whole number
          distance:1:alpha=2      | alpha, the policy's weight in an update, must lie in (0, 1], not be 2.0
          """)
  void what_cannot_be_is_reported(String text, String message) {
    assertThatThrownBy(() -> converter.convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining(message);
  }
}
