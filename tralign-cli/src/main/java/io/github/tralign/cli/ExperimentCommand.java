package io.github.tralign.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./tralign experiment …}: experiments about the method. */
@Command(
    name = "experiment",
    description = "Experiments about the method; the results are in docs/experiments.",
    synopsisSubcommandLabel = "NAME",
    subcommands = {FrontierCommand.class, RealCommand.class},
    footer = {
      "",
      "'${ROOT-COMMAND-NAME} experiment NAME --help' shows the options of an experiment."
    })
final class ExperimentCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  ExperimentCommand() {}

  /** Without a name: how to use it. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
