package io.github.tralign.cli;

import com.google.common.base.Suppliers;
import com.google.common.net.HostAndPort;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.distributed.GlooProcessGroup;
import io.github.tralign.djl.distributed.JoinSettings;
import io.github.tralign.djl.distributed.MeetingPoint;
import io.github.tralign.djl.kernel.PyTorch;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.launch.ChildRole;
import io.github.tralign.launch.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The processes that run a command together: started by this one, or one by one. */
class ProcessOptions {

  static final String PROCESSES = "--processes";
  static final String RANK = "--rank";
  static final String WORLD = "--world";
  static final String MEET = "--meet";
  static final String MEET_FILE = "--meet-file";
  static final String ADDRESS = "--address";
  private static final String TIMEOUT = "--collective-timeout";
  private static final String COLLECTIVES = "--collectives";

  private static final JoinSettings ANYWHERE = JoinSettings.of(ChildRole.HOST, 1, 0, 1);

  private static final int ALWAYS_ALLOWED = 16; // processes, on a machine with few cores

  @Option(
      names = PROCESSES,
      paramLabel = "N",
      description = {
        "Processes on this machine that share the work, this one included; with --device cuda each"
            + " has a GPU. Default: 1."
      })
  private @Nullable Integer processes;

  @Option(
      names = RANK,
      paramLabel = "R",
      description = {
        "Where the processes are started one by one, as on several machines: the number of this one,"
            + " from 0. Rank 0 writes the results. See docs/several-machines.md."
      })
  private @Nullable Integer rank;

  @Option(names = WORLD, paramLabel = "N", description = "With --rank: the number of processes.")
  private @Nullable Integer world;

  @Option(
      names = MEET,
      paramLabel = "HOST:PORT",
      description = {
        "With --rank: where the processes find each other. Rank 0 listens at that port, and HOST is"
            + " its machine as the others know it."
      })
  private @Nullable String meet;

  @Option(
      names = MEET_FILE,
      paramLabel = "FILE",
      hidden = true,
      description = "With --rank 0 and port 0 in --meet: gets HOST:PORT once rank 0 listens.")
  private @Nullable Path meetFile;

  @Option(
      names = ADDRESS,
      paramLabel = "A",
      description = {
        "With --rank: the address of this machine that the other processes connect to. Default: the"
            + " one from which it reaches HOST."
      })
  private @Nullable String address;

  @Option(
      names = TIMEOUT,
      paramLabel = "TIME",
      description = {
        "How long a process waits for the others, such as 90s, 30m or 2h. It must be longer than"
            + " what one of them does alone, such as writing a checkpoint. Default: 30m."
      })
  private @Nullable Duration timeout;

  @Option(
      names = COLLECTIVES,
      paramLabel = "NAME",
      description = {
        "How several processes exchange arrays that are on GPUs: gloo, through the CPU's memory; or"
            + " nccl, from GPU to GPU, which needs --device cuda and Linux on x86-64. nccl has not"
            + " been run on a GPU yet. Default: gloo."
      })
  private @Nullable Collectives collectives;

  private final Supplier<Optional<ChildRole>> child = Suppliers.memoize(ChildRole::ofThisProcess);

  /** Refuses what does not fit together, before anything is loaded. */
  void check(ModelOptions model) {
    if (child.get().isPresent()) {
      return; // the parent has checked the same
    }
    if (collectives == Collectives.NCCL && !model.device().startsWith("cuda")) {
      throw new Refusal(
          COLLECTIVES,
          "nccl exchanges arrays of GPUs and needs --device cuda, not " + model.device());
    }
    if (rank == null) {
      checkThisMachine(model.device());
    } else if (processes != null) {
      throw new Refusal(
          PROCESSES, "cannot be used with " + RANK + ", which is given to each process of --world");
    } else {
      checkRank(rank);
    }
  }

  private void checkThisMachine(String device) {
    Stream.of(opt(WORLD, world), opt(MEET, meet), opt(MEET_FILE, meetFile), opt(ADDRESS, address))
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(
            it -> {
              throw new Refusal(it, "needs " + RANK + ": the number of this process, from 0");
            });
    int size = processes == null ? 1 : processes;
    int most = Math.max(ALWAYS_ALLOWED, Runtime.getRuntime().availableProcessors());
    if (size < 1 || size > most) {
      throw new Refusal(PROCESSES, "must be in [1, " + most + "] on this machine, not " + size);
    }
    Stream.of(opt(TIMEOUT, timeout), opt(COLLECTIVES, collectives))
        .flatMap(Optional::stream)
        .findFirst()
        .filter(it -> !isGiven())
        .ifPresent(
            it -> {
              throw new Refusal(it, "has no effect without " + PROCESSES + " or " + RANK);
            });
    if (size > 1 && device.startsWith("cuda:")) {
      throw new Refusal(
          "--device",
          "must be cuda with "
              + PROCESSES
              + ", which takes the first GPUs; CUDA_VISIBLE_DEVICES"
              + " chooses others");
    }
    if (device.equals("cuda") && ChildRole.gpu(size - 1, System.getenv()).isEmpty()) {
      throw new Refusal(PROCESSES, "is " + size + ", but CUDA_VISIBLE_DEVICES names fewer GPUs");
    }
  }

  private static Optional<String> opt(String name, @Nullable Object value) {
    return value == null ? Optional.empty() : Optional.of(name);
  }

  private void checkRank(int given) {
    if (world == null) {
      throw new Refusal(RANK, "needs " + WORLD + ": the number of processes");
    }
    if (world < 1) {
      throw new Refusal(WORLD, "must be at least 1, not " + world);
    }
    if (given < 0 || given >= world) {
      throw new Refusal(
          RANK,
          "must be in [0, " + (world - 1) + "] with " + WORLD + " " + world + ", not " + given);
    }
    if (meet == null) {
      throw new Refusal(RANK, "needs " + MEET + " HOST:PORT, where the processes find each other");
    }
    if (meetFile != null && given > 0) {
      throw new Refusal(MEET_FILE, "is for " + RANK + " 0");
    }
    int port = place().getPort();
    if (port == 0 ? meetFile == null : port > 65_535) {
      throw new Refusal(MEET, "the port must be in [1, 65535], not " + port);
    }
  }

  private HostAndPort place() {
    String text = String.valueOf(meet);
    try {
      HostAndPort place = HostAndPort.fromString(text);
      if (!place.getHost().isBlank() && place.hasPort()) {
        return place;
      }
    } catch (IllegalArgumentException e) {
      // The message is the same.
    }
    throw new Refusal(MEET, "'" + text + "' is not HOST:PORT, such as 10.0.0.1:29500");
  }

  /** Whether this process is the one that writes and shows results. */
  boolean isFirst() {
    return child.get().isEmpty() && (rank == null || rank == 0);
  }

  boolean several() {
    return child.get().isPresent() || rank != null || processes != null && processes > 1;
  }

  /**
   * Whether the number is given, even if it is 1, as to resume a run of several processes alone.
   */
  boolean isGiven() {
    return several() || processes != null;
  }

  /** Where this process shows what it does. Rank 0 shows the same for all. */
  Console of(Console console) {
    return isFirst() ? console : Console.silent();
  }

  /**
   * Starts the others, if there are any here, and waits until all have joined.
   *
   * @param console where their messages are shown
   * @param model that they share
   */
  Processes start(CommandSpec command, Console console, ModelOptions model) {
    Processes together = start(command, console, settings -> as(settings, model.device()));
    int onThisMachine = rank == null ? together.group().size() : 1;
    model.share(together, onThisMachine);
    if (several()) {
      processes = together.group().size(); // for the record of the run
    }
    return together;
  }

  /** Settings of a group with what the options ask for. */
  private JoinSettings as(JoinSettings settings, String device) {
    JoinSettings patient = timeout == null ? settings : settings.timeout(timeout);
    return collectives == Collectives.NCCL ? patient.nccl(PyTorch.gpu(device)) : patient;
  }

  private Processes start(
      CommandSpec command, Console console, UnaryOperator<JoinSettings> settings) {
    if (child.get().isPresent()) {
      return Processes.startedAs(child.get().get(), settings);
    }
    if (rank != null) {
      return join(rank, settings);
    }
    if (!several()) {
      return Processes.alone();
    }
    if (collectives == Collectives.NCCL) {
      prepareNccl(Refusal.given(processes) - 1); // the last one's
    }
    return Processes.starting(
        Refusal.given(processes),
        settings,
        serve(PROCESSES, 0),
        Main.class.getName(),
        command.root().commandLine().getParseResult().originalArgs(),
        console.err());
  }

  /** Refuses NCCL where it cannot be used, before another process is started or waited for. */
  private static void prepareNccl(int gpu) {
    try {
      GlooProcessGroup.prepare(ANYWHERE.nccl(gpu));
    } catch (InvalidInputException | IllegalStateException e) {
      throw new Refusal(COLLECTIVES, String.valueOf(e.getMessage()), e);
    }
  }

  private Processes join(int given, UnaryOperator<JoinSettings> settings) {
    HostAndPort place = place();
    settings.apply(ANYWHERE).nccl().ifPresent(ProcessOptions::prepareNccl);
    MeetingPoint point = given == 0 ? serve(MEET, place.getPort()) : null;
    int port = point == null ? place.getPort() : point.port();
    if (meetFile != null) {
      AtomicFile.writeString(meetFile, HostAndPort.fromParts(place.getHost(), port) + "\n");
    }
    JoinSettings joins =
        settings.apply(JoinSettings.of(place.getHost(), port, given, Refusal.given(world)));
    return Processes.joining(address == null ? joins : joins.address(address), point);
  }

  /** Refuses a port that is taken, and a system that cannot do this. */
  private static MeetingPoint serve(String option, int port) {
    try {
      return MeetingPoint.serve(port);
    } catch (InvalidInputException | IllegalStateException e) {
      throw new Refusal(option, String.valueOf(e.getMessage()), e);
    }
  }
}
