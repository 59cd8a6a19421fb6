package io.github.tralign.cli;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.text.Numbers;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;

/** Shows rows as the model sees them: prompt and completion tokens in different colours. */
final class RowPrinter {

  // Of the 256 colours that do not depend on the terminal's theme: those of its theme that are
  // bright
  // enough for a dark background can hardly be read on a white one, and these can on both.
  static final int PROMPT = 31; // blue
  static final int WANTED = 28; // green
  static final int UNWANTED = 161; // red

  private final TokenText text;
  private final boolean tokens;
  private final PrintStream out;
  private final boolean colours;

  /**
   * A printer.
   *
   * @param tokens whether their ids are shown too
   * @param colours whether {@code out} takes escape sequences
   */
  RowPrinter(TokenText text, boolean tokens, PrintStream out, boolean colours) {
    this.text = text;
    this.tokens = tokens;
    this.out = out;
    this.colours = colours;
  }

  void print(Example example) {
    out.println();
    out.println(example.origin() + remarks(example.judgement()));
    part("prompt", PROMPT, text.of(example.prompt()), example.prompt());
    for (int k = 0; k < example.completions().size(); k++) {
      ImmutableIntArray completion = example.completions().get(k);
      boolean wanted = k == 0 && example.judgement().label() != Judgement.Label.UNDESIRABLE;
      String name = !example.isPair() ? "completion" : k == 0 ? "chosen" : "rejected";
      int colour = wanted ? WANTED : UNWANTED;
      part(name, colour, text.after(example.prompt(), completion), completion);
    }
  }

  private void part(String name, int colour, String words, ImmutableIntArray ids) {
    out.printf(Locale.ROOT, "%s, %s:%n", name, Numbers.count(ids.length(), "token"));
    paint(colour, Printable.of(words));
    if (tokens) {
      out.println(
          ids.stream()
              .mapToObj(id -> id + " '" + Printable.of(text.of(id)).replace("\n", "\\n") + "'")
              .collect(Collectors.joining(" ")));
    }
  }

  private void paint(int colour, String words) {
    switchTo("38;5;" + colour);
    out.print(words);
    switchTo("39");
    out.println();
  }

  /** As bytes, since a text's escape sequences are not written as such. */
  private void switchTo(String colour) {
    if (colours) {
      out.writeBytes(("\u001b[" + colour + "m").getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static String remarks(Judgement judgement) {
    StringBuilder remarks = new StringBuilder();
    if (judgement.isLabelled()) {
      remarks.append(judgement.isDesirable() ? ", desirable" : ", undesirable");
    }
    if (judgement.weight() != 1) {
      remarks.append(", weight ").append(judgement.weight());
    }
    judgement.margin().ifPresent(it -> remarks.append(", margin ").append(it));
    judgement.winProbability().ifPresent(it -> remarks.append(", win probability ").append(it));
    return remarks.toString();
  }
}
