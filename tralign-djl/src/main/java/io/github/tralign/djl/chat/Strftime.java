package io.github.tralign.djl.chat;

import io.github.tralign.data.InvalidTemplateException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Formats a date as Python's {@code strftime} does, in English. */
final class Strftime {

  private Strftime() {}

  static String format(LocalDate day, String format) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%') {
        text.append(c);
      } else {
        i++;
        text.append(part(day, i < format.length() ? format.charAt(i) : ' '));
      }
    }
    return text.toString();
  }

  private static String part(LocalDate day, char code) {
    String pattern =
        switch (code) {
          case 'd' -> "dd";
          case 'm' -> "MM";
          case 'y' -> "yy";
          case 'Y' -> "yyyy";
          case 'b' -> "MMM";
          case 'B' -> "MMMM";
          case 'a' -> "EEE";
          case 'A' -> "EEEE";
          case 'j' -> "DDD";
          case '%' -> "'%'";
          default ->
              throw new InvalidTemplateException(
                  "the chat template uses '%"
                      + code
                      + "' in strftime_now; supported are %d, %m, %y, %Y, %b, %B, %a, %A, %j and %%");
        };
    return DateTimeFormatter.ofPattern(pattern, Locale.US).format(day);
  }
}
