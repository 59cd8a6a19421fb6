package io.github.tralign.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tralign generate-completion}: a script that has a shell complete commands and options. */
@Command(
    name = "generate-completion",
    description = {
      "Writes a script with which bash and zsh complete the commands and options of 'tralign'.",
      "Save it in a file, and load that with 'source' when a shell begins."
    })
final class CompletionCommand implements Runnable {

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    console.out().println(AutoComplete.bash("tralign", spec.root().commandLine()));
  }
}
