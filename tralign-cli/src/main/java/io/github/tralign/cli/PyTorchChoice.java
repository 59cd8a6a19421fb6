package io.github.tralign.cli;

import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.InstalledPyTorch;
import io.github.tralign.djl.kernel.TorchChoice;
import io.github.tralign.launch.ChildRole;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Which PyTorch a command computes with. It is decided before the command begins, since a process
 * loads one only.
 *
 * @param device of the command, such as {@code cuda}
 * @param folder of the PyTorch that was asked for
 * @param quiet whether nothing is said of it but errors
 */
record PyTorchChoice(String device, Optional<Path> folder, boolean quiet) {

  private static final String OPTION = "--pytorch";

  /** That of a command line. */
  static PyTorchChoice of(ParseResult parsed) {
    ParseResult command = parsed;
    while (command.hasSubcommand()) {
      command = command.subcommand();
    }
    OptionSpec option = command.commandSpec().findOption("--quiet");
    boolean quiet = option != null && Boolean.TRUE.equals(option.getValue());
    return command.commandSpec().mixins().values().stream()
        .map(CommandSpec::userObject)
        .filter(ModelOptions.class::isInstance)
        .map(ModelOptions.class::cast)
        .map(it -> new PyTorchChoice(it.device(), it.pytorch(), quiet))
        .findFirst()
        .orElse(new PyTorchChoice("cpu", Optional.empty(), quiet));
  }

  /**
   * Makes it, and says which one is used if it is not the one that comes with tralign.
   *
   * @throws Refusal if the one that was asked for cannot be used
   */
  void make(PrintStream err) {
    if (folder.isPresent()) {
      try {
        InstalledPyTorch.in(folder.get()).use();
      } catch (InvalidInputException | IllegalStateException e) {
        throw new Refusal(OPTION, String.valueOf(e.getMessage()), e);
      }
    } else if (device.startsWith("cuda")) {
      TorchChoice.preferCuda();
    }
    if (!quiet
        && (folder.isPresent() || device.startsWith("cuda"))
        && TorchChoice.used().isPresent()
        && ChildRole.ofThisProcess().isEmpty()) {
      err.println("tralign: " + Printable.message(TorchChoice.explanation()));
    }
  }
}
