package io.github.tralign.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the settings, {@code name=value}, of an option's value that consists of several parts. */
final class NamedSettings {

  private NamedSettings() {}

  /**
   * The values by name.
   *
   * @param what has the settings, as messages name it
   * @param known names
   * @throws IllegalArgumentException if a part is no setting, or its name is unknown or given twice
   */
  static Map<String, String> read(String what, List<String> known, List<String> parts) {
    Map<String, String> given = new HashMap<>();
    for (String part : parts) {
      String[] setting = part.split("=", 2); // name and value
      if (setting.length == 1 || !known.contains(setting[0])) {
        throw new IllegalArgumentException(unknown(part, setting[0], what, known));
      }
      if (given.put(setting[0], setting[1]) != null) {
        throw new IllegalArgumentException(setting[0] + " is given twice");
      }
    }
    return given;
  }

  private static String unknown(String part, String setting, String what, List<String> known) {
    String hint = Suggestion.hint(setting, known);
    return known.isEmpty()
        ? what + " has no settings, such as '" + part + "'"
        : String.format(
            Locale.ROOT,
            "'%s' is no setting of %s%s known: %s=",
            part,
            what,
            hint.isEmpty() ? ";" : hint,
            String.join("=, ", known));
  }

  static double number(String name, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ", '" + text + "', is not a number", e);
    }
  }

  static long whole(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ", '" + text + "', is not a whole number", e);
    }
  }
}
