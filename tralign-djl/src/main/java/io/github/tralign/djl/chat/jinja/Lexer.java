package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.chat.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a template into tokens, with {@code trim_blocks} and {@code lstrip_blocks} as set by
 * transformers: a tag removes the whitespace before it on its line and the line break after it.
 */
final class Lexer {

  private static final int MAX_NAME = 250;

  private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern FLOAT =
      Pattern.compile("\\d[\\d_]*(?:(?:\\.\\d[\\d_]*)?[eE][+-]?\\d+|\\.\\d[\\d_]*)");
  private static final Pattern INTEGER = Pattern.compile("\\d[\\d_]*");
  private static final Pattern NAME = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern TEXT =
      Pattern.compile(
          "'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"",
          Pattern.DOTALL);
  private static final Pattern OPERATOR =
      Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}><=.:|,;]");
  private static final Pattern PRINT_END =
      Pattern.compile("-}}\\s*|}}", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern TAG_END =
      Pattern.compile("\\+%}|-%}\\s*|%}\\n?", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern COMMENT =
      Pattern.compile(
          "(.*?)(?:\\+#}|-#}\\s*|#}\\n?)", Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern RAW =
      Pattern.compile("\\{%[-+]?\\s*raw\\s*(?:-%}\\s*|%})", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern RAW_END =
      Pattern.compile(
          "\\{%([-+]?)\\s*endraw\\s*(?:\\+%}|-%}\\s*|%}\\n?)", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern OPENING = Pattern.compile("\\{[{%#]([-+]?)");

  private final String source;
  private final ImmutableList.Builder<Token> tokens = ImmutableList.builder();
  private int at;
  private int line = 1;
  private boolean atLineStart = true;

  private Lexer(String template) {
    String lines = template.replace("\r\n", "\n").replace('\r', '\n');
    source = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
  }

  static ImmutableList<Token> tokens(String template) {
    Lexer lexer = new Lexer(template);
    try {
      lexer.scan();
    } catch (JinjaException e) {
      throw e.at(lexer.line);
    }
    return lexer.tokens.build();
  }

  private void scan() {
    Matcher opening = OPENING.matcher(source);
    while (opening.find(at)) {
      String text = source.substring(at, opening.start());
      boolean print = source.charAt(opening.start() + 1) == '{';
      String sign = opening.group(1);
      Matcher raw = RAW.matcher(source).region(opening.start(), source.length());
      data(beforeTag(text, sign, print));
      advance(opening.start());
      if (raw.lookingAt()) {
        raw(raw);
      } else if (source.charAt(at + 1) == '#') {
        advance(opening.end());
        advance(required(COMMENT, "the comment is not closed"));
      } else {
        add(print ? Kind.PRINT_BEGIN : Kind.TAG_BEGIN, opening.group());
        advance(opening.end());
        code(print);
      }
      atLineStart = at > 0 && source.charAt(at - 1) == '\n';
    }
    data(source.substring(at));
    add(Kind.END, "");
  }

  /**
   * Removes the whitespace before a tag: with {@code -} all of it, else that on the tag's line if
   * there is nothing else before the tag.
   */
  private String beforeTag(String text, String sign, boolean print) {
    if (sign.equals("-")) {
      int end = text.length();
      while (end > 0 && Python.isSpace(text.charAt(end - 1))) {
        end--;
      }
      return text.substring(0, end);
    }
    int lineBegin = text.lastIndexOf('\n') + 1;
    boolean wholeLine = lineBegin > 0 || atLineStart;
    return !sign.equals("+")
            && !print
            && wholeLine
            && text.substring(lineBegin).chars().allMatch(Python::isSpace)
        ? text.substring(0, lineBegin)
        : text;
  }

  private void raw(Matcher begin) {
    advance(begin.end());
    atLineStart = source.charAt(at - 1) == '\n';
    Matcher end = RAW_END.matcher(source);
    if (!end.find(at)) {
      throw new JinjaException("the tag 'raw' is not closed");
    }
    data(beforeTag(source.substring(at, end.start()), end.group(1), false));
    advance(end.end());
  }

  private void code(boolean print) {
    Deque<Character> open = new ArrayDeque<>();
    Pattern ending = print ? PRINT_END : TAG_END;
    while (true) {
      int spaces = match(SPACE);
      if (spaces > 0) {
        advance(spaces);
      }
      int end = open.isEmpty() ? match(ending) : -1;
      if (end > 0) {
        add(print ? Kind.PRINT_END : Kind.TAG_END, source.substring(at, end));
        advance(end);
        return;
      }
      if (at == source.length()) {
        throw new JinjaException(print ? "'{{' is not closed" : "'{%' is not closed");
      }
      token(open);
    }
  }

  private void token(Deque<Character> open) {
    int end;
    if ((end = match(FLOAT)) > 0) {
      add(Kind.FLOAT, source.substring(at, end).replace("_", ""));
    } else if ((end = match(INTEGER)) > 0) {
      add(Kind.INTEGER, source.substring(at, end).replace("_", ""));
    } else if ((end = match(NAME)) > 0) {
      if (end - at > MAX_NAME) {
        throw new JinjaException("a name has more than " + MAX_NAME + " characters");
      }
      add(Kind.NAME, source.substring(at, end));
    } else if ((end = match(TEXT)) > 0) {
      add(Kind.STRING, Escapes.decoded(source.substring(at + 1, end - 1)));
    } else if ((end = match(OPERATOR)) > 0) {
      String operator = source.substring(at, end);
      balance(operator.charAt(0), open);
      add(Kind.OPERATOR, operator);
    } else {
      throw new JinjaException(
          "'" + Character.toString(source.codePointAt(at)) + "' is unexpected");
    }
    advance(end);
  }

  private static void balance(char c, Deque<Character> open) {
    if (c == '(' || c == '[' || c == '{') {
      open.push(c == '(' ? ')' : c == '[' ? ']' : '}');
    } else if ((c == ')' || c == ']' || c == '}') && (open.isEmpty() || open.pop() != c)) {
      throw new JinjaException("'" + c + "' is unexpected");
    }
  }

  private int required(Pattern pattern, String message) {
    int end = match(pattern);
    if (end < 0) {
      throw new JinjaException(message);
    }
    return end;
  }

  /** The end of the match of {@code pattern} at the current position, or −1. */
  private int match(Pattern pattern) {
    Matcher matcher = pattern.matcher(source).region(at, source.length());
    return matcher.lookingAt() ? matcher.end() : -1;
  }

  private void advance(int to) {
    for (int i = at; i < to; i++) {
      line += source.charAt(i) == '\n' ? 1 : 0;
    }
    at = to;
  }

  private void data(String text) {
    if (!text.isEmpty()) {
      add(Kind.DATA, text);
    }
  }

  private void add(Kind kind, String text) {
    tokens.add(new Token(kind, text, line));
  }
}
