package io.github.tralign.cli;

import static io.github.tralign.cli.NamedSettings.number;
import static io.github.tralign.cli.NamedSettings.whole;

import io.github.tralign.TR;
import io.github.tralign.reference.DistanceUpdate;
import io.github.tralign.reference.HardUpdate;
import io.github.tralign.reference.ReferencePolicy;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a reference rule: its name, its numbers, then settings as {@code name=value}, with colons
 * between. What a rule's {@code toString} writes is read as the same rule.
 */
final class ReferenceConverter implements ITypeConverter<ReferencePolicy> {

  private static final String FORMS =
      "expected fixed, soft:A, hard:T (steps, or epochs as in 0.5epoch), mixed:A:T or distance:D";

  /** What may be set of each rule, in the order in which it is applied. */
  private static final Map<String, List<String>> SETTINGS =
      Map.of(
          "fixed", List.of(),
          "soft", List.of("warmup", "from", FactorAverage.SETTING),
          "hard", List.of("growth", "warmup", "from"),
          "mixed", List.of("warmup", "from", FactorAverage.SETTING),
          "distance", List.of("alpha", "smoothing", "min-steps", "warmup", "from"));

  @Override
  public ReferencePolicy convert(String text) {
    List<String> parts = List.of(text.split(":", -1));
    String name = parts.get(0);
    List<String> numbers = parts.stream().skip(1).takeWhile(it -> !it.contains("=")).toList();
    try {
      ReferencePolicy rule =
          switch (name + "/" + numbers.size()) {
            case "fixed/0" -> TR.fixed();
            case "soft/1" -> TR.soft(number("alpha", numbers.get(0)));
            case "hard/1" -> hard(numbers.get(0));
            case "mixed/2" ->
                TR.mixed(number("alpha", numbers.get(0)), whole("tau", numbers.get(1)));
            case "distance/1" -> TR.distance(number("the distance", numbers.get(0)));
            default -> throw new TypeConversionException(complaint(text, name));
          };
      Map<String, String> given =
          NamedSettings.read(
              name, settingsOf(name), parts.subList(1 + numbers.size(), parts.size()));
      for (String setting : settingsOf(name)) {
        String value = given.get(setting);
        rule = value == null ? rule : with(rule, setting, value);
      }
      return rule;
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "': " + e.getMessage());
    }
  }

  private static String complaint(String text, String name) {
    if (SETTINGS.containsKey(name)) {
      return "'" + text + "' is not complete or has too many parts; " + FORMS;
    }
    String hint = Suggestion.hint(name, SETTINGS.keySet());
    return "unknown reference '" + text + "'" + (hint.isEmpty() ? ";" : hint) + " " + FORMS;
  }

  private static List<String> settingsOf(String rule) {
    return SETTINGS.getOrDefault(rule, List.of());
  }

  private static ReferencePolicy hard(String tau) {
    return tau.contains("epoch")
        ? TR.hardEpochs(number("tau in epochs", tau.replaceFirst("epochs?$", "")))
        : TR.hard(whole("tau", tau));
  }

  private static ReferencePolicy with(ReferencePolicy rule, String setting, String value) {
    return switch (setting) {
      case "growth" -> growing(rule, number(setting, value));
      case "alpha" -> ((DistanceUpdate) rule).alpha(number(setting, value));
      case "smoothing" -> ((DistanceUpdate) rule).smoothing(number(setting, value));
      case "min-steps" -> ((DistanceUpdate) rule).minSteps(whole(setting, value));
      case "warmup" -> rule.warmup(whole(setting, value));
      case "from" -> rule.from(whole(setting, value));
      case FactorAverage.SETTING -> FactorAverage.of(rule, value);
      default -> throw new IllegalStateException(setting);
    };
  }

  private static ReferencePolicy growing(ReferencePolicy rule, double growth) {
    if (rule instanceof HardUpdate hard) {
      return hard.growth(growth);
    }
    throw new IllegalArgumentException("growth needs a tau in steps, as in hard:64:growth=2");
  }
}
