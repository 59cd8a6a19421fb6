package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.optimizer.ParameterGroup;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class GroupConverterTest {

  private final GroupConverter converter = new GroupConverter();

  @Test
  void every_group_is_read_as_it_is_written() {
    ParameterGroup plain = ParameterGroup.of("!*.{1,2}.*");
    for (ParameterGroup group :
        List.of(
            plain.learningRateFactor(1e-5),
            plain.weightDecay(0),
            plain.learningRateFactor(0).weightDecay(0.1))) {
      assertThat(converter.convert(group.toString())).isEqualTo(group);
    }
    assertThat(converter.convert("*:weight-decay=1:lr-factor=2"))
        .isEqualTo(ParameterGroup.of("*").learningRateFactor(2).weightDecay(1));
  }

  @ParameterizedTest(name = "--group {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          *.bias                | '*.bias': sets nothing; expected a pattern with settings, as in *.bias:lr-factor=0.1
          :lr-factor=2          | ':lr-factor=2': the pattern of parameter names is empty
          a[:lr-factor=2        | 'a[' is not a valid pattern of names: Missing ']
          *:lr-fctor=2          | 'lr-fctor=2' is no setting of a group; did you mean lr-factor? known: lr-factor=, weight-decay=
          *:frozen              | 'frozen' is no setting of a group; known: lr-factor=, weight-decay=
          *:lr-factor=2:lr-factor=3 | lr-factor is given twice
          *:lr-factor=          | lr-factor, '', is not a number
          *:lr-factor=-1        | lr-factor must be a number >= 0, not -1.0
          *:weight-decay=NaN    | weight-decay must be a number >= 0, not NaN
          """)
  void what_cannot_be_is_reported(String text, String message) {
    assertThatThrownBy(() -> converter.convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining(message);
  }
}
