package io.github.tralign.cli;

import io.github.tralign.loss.FDivergence;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code reverse-kl}, {@code forward-kl}, {@code js} and {@code alpha:A}. */
final class DivergenceConverter implements ITypeConverter<FDivergence> {

  private static final List<String> NAMES = List.of("reverse-kl", "forward-kl", "js", "alpha:0.5");

  @Override
  public FDivergence convert(String text) {
    return switch (text) {
      case "reverse-kl" -> FDivergence.reverseKl();
      case "forward-kl" -> FDivergence.forwardKl();
      case "js" -> FDivergence.jensenShannon();
      default -> alpha(text);
    };
  }

  private static FDivergence alpha(String text) {
    try {
      if (text.startsWith("alpha:")) {
        return FDivergence.alpha(Double.parseDouble(text.substring("alpha:".length())));
      }
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "': alpha must be a finite number");
    }
    String hint = Nearest.hint(text, NAMES);
    throw new TypeConversionException(
        "unknown divergence '"
            + text
            + "'"
            + (hint.isEmpty() ? ";" : hint)
            + " expected reverse-kl, forward-kl, js or alpha:A");
  }
}
