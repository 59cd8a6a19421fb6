package io.github.tralign.cli;

import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options that name what a command writes. */
final class WrittenPaths {

  static final Set<String> OPTIONS = ImmutableSet.of("--output", "--cache", CompareCommand.CSV);

  private WrittenPaths() {}

  /**
   * Rejects {@code -}, the usual name of the standard output. The options of commands that write to
   * it are no paths.
   *
   * @throws Refusal if a file or folder would have that name
   */
  static void requireNames(ParseResult parsed) {
    ParseResult command = parsed;
    while (command.hasSubcommand()) {
      command = command.subcommand();
    }
    for (OptionSpec option : command.matchedOptions()) {
      if (OPTIONS.contains(option.longestName()) && isDash(option)) {
        throw new Refusal(
            option.longestName(),
            "- is not the standard output here; expected the name of a "
                + (option.paramLabel().equals("DIR") ? "folder" : "file")
                + ", or ./- if - is its name");
      }
    }
  }

  private static boolean isDash(ArgSpec option) {
    return option.getValue() instanceof Path path && path.toString().equals("-");
  }
}
