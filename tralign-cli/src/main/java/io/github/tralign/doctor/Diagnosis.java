package io.github.tralign.doctor;

import com.google.common.base.Strings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Facts in sections, with the problems among them: what keeps tralign from working, and what is
 * worth knowing only. The user's folder is written as {@code ~}.
 */
public final class Diagnosis {

  private final Map<String, Map<String, String>> sections = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Consumer<String> shown;
  private Map<String, String> section = new LinkedHashMap<>();

  /**
   * An empty one.
   *
   * @param shown gets each line as soon as it is known, since a native library may end the process
   */
  Diagnosis(Consumer<String> shown) {
    this.shown = shown;
  }

  /** The facts that follow belong to a section of this title. */
  void section(String title) {
    if (!sections.isEmpty()) {
      shown.accept("");
    }
    shown.accept(title);
    section = new LinkedHashMap<>();
    sections.put(title, section);
  }

  /** Adds a fact. */
  void fact(String name, Object value) {
    String text = withoutHome(String.valueOf(value));
    section.put(name, text);
    shown.accept("  " + Strings.padEnd(name, 18, ' ') + " " + text);
  }

  /** Adds what keeps tralign from working: what is wrong, and what would be right. */
  void problem(String text) {
    problems.add(withoutHome(text));
  }

  /** Adds what makes tralign slower, or is needed for some commands only. */
  void note(String text) {
    notes.add(withoutHome(text));
  }

  private static String withoutHome(String text) {
    String home = System.getProperty("user.home");
    return home.length() > 1 ? text.replace(home, "~") : text;
  }

  /** Whether nothing keeps tralign from working. */
  public boolean isUsable() {
    return problems.isEmpty();
  }

  /** The last lines: problems and notes. */
  void conclude() {
    shown.accept("");
    for (String problem : problems) {
      shown.accept("problem: " + problem);
    }
    for (String note : notes) {
      shown.accept("note: " + note);
    }
    shown.accept(isUsable() ? "tralign works here." : "tralign does not work here.");
  }

  /** All of it: a map for each section, and the lists {@code problems} and {@code notes}. */
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>(sections);
    values.put("usable", isUsable());
    values.put("problems", problems);
    values.put("notes", notes);
    return values;
  }
}
