package io.github.tralign.cli;

import io.github.tralign.TR;
import io.github.tralign.reference.ReferencePolicy;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code fixed}, {@code soft:A}, {@code hard:T} and {@code mixed:A:T}. */
final class ReferenceConverter implements ITypeConverter<ReferencePolicy> {

  private static final List<String> RULES = List.of("fixed", "soft", "hard", "mixed");
  private static final String FORMS = "expected fixed, soft:A, hard:T or mixed:A:T";

  @Override
  public ReferencePolicy convert(String text) {
    String[] parts = text.split(":", -1);
    try {
      return switch (parts[0] + "/" + (parts.length - 1)) {
        case "fixed/0" -> TR.fixed();
        case "soft/1" -> TR.soft(alpha(parts[1]));
        case "hard/1" -> TR.hard(tau(parts[1]));
        case "mixed/2" -> TR.mixed(alpha(parts[1]), tau(parts[2]));
        default -> throw new TypeConversionException(complaint(text, parts[0]));
      };
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "': " + e.getMessage());
    }
  }

  private static String complaint(String text, String rule) {
    if (RULES.contains(rule)) {
      return "'" + text + "' is not complete or has too many parts; " + FORMS;
    }
    String hint = Nearest.hint(rule, RULES);
    return "unknown reference '" + text + "'" + (hint.isEmpty() ? ";" : hint) + " " + FORMS;
  }

  private static double alpha(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("alpha, '" + text + "', is not a number", e);
    }
  }

  private static long tau(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("tau, '" + text + "', is not a whole number", e);
    }
  }
}
