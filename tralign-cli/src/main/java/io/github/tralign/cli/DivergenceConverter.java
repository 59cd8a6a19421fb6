package io.github.tralign.cli;

import io.github.tralign.loss.FDivergence;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a divergence; what its {@code toString} writes is read as the same one. */
final class DivergenceConverter implements ITypeConverter<FDivergence> {

  private static final List<String> NAMES = List.of("reverse-kl", "forward-kl", "js", "alpha");

  @Override
  public FDivergence convert(String text) {
    String[] parts = text.split(":", 2);
    return switch (parts[0] + "/" + (parts.length - 1)) {
      case "reverse-kl/0" -> FDivergence.reverseKl();
      case "forward-kl/0" -> FDivergence.forwardKl();
      case "js/0" -> FDivergence.jensenShannon();
      case "alpha/0" -> FDivergence.alpha(0.5);
      case "alpha/1" -> alpha(text, parts[1]);
      default ->
          throw new TypeConversionException(
              String.format(
                  Locale.ROOT,
                  "unknown divergence '%s'%s expected reverse-kl, forward-kl, js or alpha:A",
                  text,
                  hint(parts[0])));
    };
  }

  private static String hint(String name) {
    String hint = NAMES.contains(name) ? "" : Suggestion.hint(name, NAMES);
    return hint.isEmpty() ? ";" : hint;
  }

  private static FDivergence alpha(String text, String number) {
    try {
      return FDivergence.alpha(Double.parseDouble(number));
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "': alpha, '" + number + "', is not a number");
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "': " + e.getMessage());
    }
  }
}
