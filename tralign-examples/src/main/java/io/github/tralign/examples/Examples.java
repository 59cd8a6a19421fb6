package io.github.tralign.examples;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.text.Shell;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Runs an example by name: {@code ./tralign example align-checkpoint MODEL PAIRS OUTPUT}. */
public final class Examples {

  private record Program(String arguments, String does, Consumer<String[]> main) {}

  private static final ImmutableMap<String, Program> PROGRAMS =
      ImmutableMap.of(
          "align-checkpoint",
          new Program("MODEL PAIRS OUTPUT", "trains by TR-DPO and saves", AlignCheckpoint::main),
          "own-loss",
          new Program("MODEL PAIRS", "trains with a custom loss", OwnLoss::main),
          "own-reference-rule",
          new Program(
              "MODEL PAIRS", "updates the reference by a custom rule", OwnReferenceRule::main),
          "watch-a-run",
          new Program("MODEL PAIRS", "prints a line for each step", WatchARun::main),
          "generate-text",
          new Program("MODEL TEXT", "completes a text or answers it", GenerateText::main),
          "tabular-toy",
          new Program("", "requires neither model nor data", TabularToy::main));

  private Examples() {}

  /**
   * Arguments: the name of an example, and its arguments; without any, or with {@code --help},
   * lists the examples. If they are invalid, prints an error and exits with status 2.
   */
  public static void main(String[] args) {
    if (args.length == 0 || args[0].equals("--help")) {
      System.out.println(usage());
      return;
    }
    Program program = PROGRAMS.get(args[0]);
    if (program == null) {
      fail(usage());
    } else {
      try {
        program.main().accept(Arrays.copyOfRange(args, 1, args.length));
      } catch (InvalidInputException e) {
        fail(String.valueOf(e.getMessage()));
      }
    }
  }

  /**
   * Checks the number of an example's arguments.
   *
   * @throws InvalidInputException with the usage, if it is wrong
   */
  static void require(String[] args, String name) {
    Program program = requireNonNull(PROGRAMS.get(name), name);
    int expected = program.arguments().split(" ").length;
    if (args.length != expected) {
      throw new InvalidInputException(
          "usage: " + Shell.command() + " example " + name + " " + program.arguments());
    }
  }

  static String usage() {
    StringBuilder usage = new StringBuilder("usage: " + Shell.command() + " example NAME …\n");
    for (Map.Entry<String, Program> each : PROGRAMS.entrySet()) {
      String call = each.getKey() + " " + each.getValue().arguments();
      usage.append(String.format(Locale.ROOT, "  %-37s %s%n", call, each.getValue().does()));
    }
    return usage
        .append("MODEL is a Hugging Face folder, PAIRS a data file, TEXT a prompt.")
        .toString();
  }

  private static void fail(String message) {
    System.err.println(message);
    System.exit(2);
  }
}
