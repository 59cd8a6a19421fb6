package io.github.tralign.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The commands of a page as a shell would divide them, as far as the pages need it. */
final class PageCommands {

  private static final Pattern PROMPT =
      Pattern.compile("(?:[A-Z_]+=\\S* )*(\\./(?:tralign|mvnw) .*)");

  private PageCommands() {}

  /**
   * A command.
   *
   * @param place page and line
   * @param words the program and its arguments
   */
  record Command(String place, List<String> words) {}

  /** The commands that begin with {@code ./tralign} or {@code ./mvnw}. */
  static List<Command> in(Pages.Block block) {
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < block.lines().size(); i++) {
      int first = i;
      StringBuilder text = new StringBuilder(block.lines().get(i).strip());
      while (text.toString().endsWith("\\")) {
        text.setLength(text.length() - 1);
        text.append(block.lines().get(++i).strip());
      }
      var command = PROMPT.matcher(text);
      if (command.matches()) {
        commands.add(new Command(block.place(first), words(command.group(1))));
      }
    }
    return commands;
  }

  /** Words up to a comment, a pipe or the like. */
  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (char c : text.toCharArray()) {
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        inWord = true;
      } else if (c == ' ') {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else if ("|><&;#".indexOf(c) >= 0 && !inWord) {
        return words;
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }
}
