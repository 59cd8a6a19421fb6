package io.github.tralign.cli;

import io.github.tralign.InvalidInputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code ./tralign example}: listed here, but run by the launcher, which has the examples. */
@Command(
    name = "example",
    description = "Runs an example program; without a name, lists them.",
    customSynopsis = "${ROOT-COMMAND-NAME} example [NAME ARGUMENT...]")
@SuppressWarnings("unused") // the arguments are the example's
final class ExampleCommand implements Runnable {

  @Unmatched private String[] arguments = {};

  @Override
  public void run() {
    throw new InvalidInputException(
        "example: the example programs are not in this archive; the ./tralign of the repository"
            + " starts them");
  }
}
