package io.github.tralign.cli;

import io.github.tralign.data.Truncation;
import io.github.tralign.data.form.PairChoice;
import io.github.tralign.data.form.Turns;
import io.github.tralign.djl.BasePrecision;
import io.github.tralign.djl.Precision;
import io.github.tralign.djl.SaveDtype;
import io.github.tralign.optimizer.WeightDecayScope;
import io.github.tralign.train.EvaluationMetric;
import io.github.tralign.train.OnNan;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts words to values, with readable messages for invalid ones. */
final class Converters {

  private Converters() {}

  static void registerIn(CommandLine line) {
    ITypeConverter<Double> number = parse(Double::valueOf, "a number");
    ITypeConverter<Integer> whole = parse(Integer::valueOf, "a whole number below 2^31");
    ITypeConverter<Long> longWhole = parse(Long::valueOf, "a whole number");
    line.registerConverter(Double.class, number).registerConverter(double.class, number);
    line.registerConverter(Integer.class, whole).registerConverter(int.class, whole);
    line.registerConverter(Long.class, longWhole).registerConverter(long.class, longWhole);
    line.registerConverter(Boolean.class, Converters::truth);
    line.registerConverter(boolean.class, Converters::truth);
    line.registerConverter(
        ScheduleKind.class, new ChoiceConverter<>("schedule", ScheduleKind.values()));
    line.registerConverter(Turns.class, new ChoiceConverter<>("choice of turns", Turns.values()));
    line.registerConverter(
        PairChoice.class, new ChoiceConverter<>("choice of pairs", PairChoice.values()));
    line.registerConverter(
        Truncation.class, new ChoiceConverter<>("truncation", Truncation.values()));
    line.registerConverter(
        EvaluationMetric.class,
        new ChoiceConverter<>("metric to be the best by", EvaluationMetric.values()));
    line.registerConverter(
        OnNan.class, new ChoiceConverter<>("answer to what is not finite", OnNan.values()));
    line.registerConverter(
        WeightDecayScope.class,
        new ChoiceConverter<>("choice of parameters", WeightDecayScope.values()));
    line.registerConverter(
        Collectives.class, new ChoiceConverter<>("kind of collectives", Collectives.values()));
    line.registerConverter(Path.class, Converters::path);
    line.registerConverter(LocalDate.class, Converters::date);
    line.registerConverter(Duration.class, Converters::duration);
    line.registerConverter(SaveDtype.class, new ChoiceConverter<>("type", SaveDtype.values()));
    line.registerConverter(
        BasePrecision.class, new ChoiceConverter<>("precision", BasePrecision.values()));
    line.registerConverter(Precision.class, new ChoiceConverter<>("precision", Precision.values()));
  }

  private static <T> ITypeConverter<T> parse(Function<String, T> parser, String expected) {
    return text -> {
      try {
        return parser.apply(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + text + "' is not " + expected);
      }
    };
  }

  /** Java reads an empty text, such as of a variable that is not set, as the current folder. */
  private static Path path(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("is empty; expected a path (. is the current folder)");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("'" + text + "' is not a path: " + e.getReason());
    }
  }

  private static LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new TypeConversionException("'" + text + "' is not a date such as 2024-07-26");
    }
  }

  private static Duration duration(String text) {
    if (!text.matches("[1-9]\\d{0,8}[smh]")) {
      throw new TypeConversionException("'" + text + "' is not a duration such as 90s, 30m or 2h");
    }
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }

  private static boolean truth(String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw new TypeConversionException("'" + text + "' is neither true nor false");
  }

  /** One of several names; a constant's name is what its {@code toString} says. */
  static final class ChoiceConverter<T> implements ITypeConverter<T> {

    private final String what;
    private final List<T> choices;

    ChoiceConverter(String what, T[] choices) {
      this.what = what;
      this.choices = List.copyOf(Arrays.asList(choices));
    }

    @Override
    public T convert(String text) {
      List<String> names = choices.stream().map(Object::toString).toList();
      int index = names.indexOf(text);
      if (index < 0) {
        String hint = Suggestion.hint(text, names);
        throw new TypeConversionException(
            String.format(
                Locale.ROOT,
                "unknown %s '%s'%s known: %s",
                what,
                text,
                hint.isEmpty() ? ";" : hint,
                String.join(", ", names)));
      }
      return choices.get(index);
    }
  }
}
