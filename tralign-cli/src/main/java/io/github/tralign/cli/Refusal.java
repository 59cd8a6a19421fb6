package io.github.tralign.cli;

import io.github.tralign.InvalidInputException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An option with an invalid value; shown with the option's name and where it was given. */
final class Refusal extends RuntimeException {

  private final String option;

  /**
   * Creates a refusal.
   *
   * @param option such as {@code --beta}
   * @param message what is wrong with it and what would be right
   */
  Refusal(String option, String message) {
    this(option, message, null);
  }

  Refusal(String option, String message, @Nullable Throwable cause) {
    super(option + ": " + message, cause);
    this.option = option;
  }

  String option() {
    return option;
  }

  /** Reports a value that a library method rejects as an error of the option. */
  static <T> T naming(String option, Supplier<T> use) {
    try {
      return use.get();
    } catch (IllegalArgumentException e) {
      throw new Refusal(option, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * As {@link #naming(String, Supplier)} for a method that takes several options' values: the
   * message begins with the words of the wrong one, as in "label smoothing must lie …".
   */
  static <T> T naming(Set<String> options, Supplier<T> use) {
    try {
      return use.get();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      String option =
          options.stream()
              .filter(it -> message.toLowerCase(Locale.ROOT).startsWith(words(it)))
              .findFirst()
              .orElse(String.join(", ", options));
      throw new Refusal(option, message, e);
    }
  }

  /** The value of an option that {@link #requireAll} has found to be there. */
  static <T> T given(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("requireAll comes first");
    }
    return value;
  }

  /**
   * Reports all missing options at once.
   *
   * @param given by option with its label, such as {@code --policy DIR}
   */
  static void requireAll(Map<String, Boolean> given) {
    String missing =
        given.entrySet().stream()
            .filter(entry -> !entry.getValue())
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      throw new InvalidInputException("missing: " + missing);
    }
  }

  private static String words(String option) {
    return option.substring(2).replace('-', ' ');
  }
}
