package io.github.tralign.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code ./tralign help train}: the same as {@code ./tralign train --help}. */
@Command(
    name = "help",
    description = "Shows all commands, or the options of one.",
    customSynopsis = "${ROOT-COMMAND-NAME} help [COMMAND]")
final class HelpCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "COMMAND", arity = "0..1", description = "The command to explain.")
  private @Nullable String command;

  @Override
  public void run() {
    CommandLine all = spec.parent().commandLine();
    CommandLine shown = command == null ? all : all.getSubcommands().get(command);
    if (shown == null) {
      throw new UnmatchedArgumentException(all, List.of(String.valueOf(command)));
    }
    shown.usage(all.getOut());
  }
}
