package io.github.tralign.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;

/**
 * How often an answer uses Markdown outside of code, as Arena-Hard's control of style counts it.
 */
final class MarkdownCounts {

  private static final Pattern CODE = Pattern.compile("```([^`]*)```");

  private MarkdownCounts() {}

  /** The counts under Arena-Hard's names. */
  static ObjectNode of(String answer) {
    String text = answer;
    for (String code : CODE.matcher(answer).results().map(it -> it.group(1)).toList()) {
      text = text.replace(code, ""); // everywhere, as Arena-Hard does
    }
    ObjectNode counts = JsonNodeFactory.instance.objectNode();
    ObjectNode headers = counts.putObject("header_count");
    for (int level = 1; level <= 6; level++) {
      headers.put("h" + level, count("(?md)^#{" + level + "}\\s", text));
    }
    counts
        .putObject("list_count")
        .put("ordered", count("(?md)^\\s*\\d+\\.\\s", text))
        .put("unordered", count("(?md)^\\s*[-*+]\\s", text));
    counts
        .putObject("bold_count")
        .put("**", count("\\*\\*[^*\\n]+\\*\\*", text))
        .put("__", count("__[^_\\n]+__", text));
    return counts;
  }

  private static long count(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().count();
  }
}
