package io.github.tralign.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.doctor.Diagnosis;
import io.github.tralign.doctor.Doctor;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./tralign doctor}: what the machine has, and whether tralign works on it. */
@Command(
    name = "doctor",
    sortOptions = false,
    description = {
      "Shows versions, processor, memory, folders and GPUs, and trains a tiny model for one step.",
      "The output is meant for bug reports: it has no tokens, and the home folder is written as ~."
    },
    footer = {"", "Exit codes: 0 tralign works here; 1 it does not, with the reason."})
final class DoctorCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description =
          "Where the tiny model is trained: cpu, cuda or cuda:N. Default: ${DEFAULT-VALUE}.")
  private String device = "cpu";

  @Option(
      names = "--pytorch",
      paramLabel = "DIR",
      description = "The PyTorch to load, as for train. Default: as for train.")
  private @Nullable Path pytorch;

  @Option(names = "--json", description = "Writes one JSON object in place of the text.")
  private boolean json;

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws JsonProcessingException {
    new PyTorchChoice(device, Optional.ofNullable(pytorch), false).make(console.err());
    Diagnosis diagnosis =
        Doctor.examine(device, json ? line -> {} : line -> show(Printable.message(line)));
    if (json) {
      console
          .out()
          .println(
              new ObjectMapper()
                  .writerWithDefaultPrettyPrinter()
                  .writeValueAsString(diagnosis.values()));
    }
    return diagnosis.isUsable() ? 0 : 1;
  }

  private void show(String line) {
    console.out().println(line);
    console.out().flush();
  }
}
