package io.github.tralign.spark;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A rank of a run without a model: in each step all ranks send a number to rank 0, which adds them
 * to a sum, writes the sum as a checkpoint and answers. The first time that its turn comes, it
 * fails as it is asked to.
 */
public final class RankProgram {

  static final int STEPS = 6;

  private final List<String> arguments;
  private final Path folder;
  private final int rank;
  private final int world;

  private RankProgram(List<String> arguments) {
    this.arguments = arguments;
    this.folder = Path.of(option("--folder"));
    this.rank = Integer.parseInt(option("--rank"));
    this.world = Integer.parseInt(option("--world"));
  }

  public static void main(String[] args) throws Exception {
    new RankProgram(Arrays.asList(args)).run();
  }

  /** What a run of a number of ranks computes. */
  static long sum(int world) {
    long sum = 0;
    for (int step = 1; step <= STEPS; step++) {
      for (int rank = 0; rank < world; rank++) {
        sum = 31 * sum + (long) step * (rank + 1);
      }
    }
    return sum;
  }

  static WorkerCommand command(Path folder, String fails, String how) {
    return WorkerCommand.java(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m"),
        System.getProperty("tralign.test.classes", "target/test-classes"),
        RankProgram.class.getName(),
        List.of("--folder", folder.toString(), "--fails", fails, "--how", how));
  }

  /** Processes of a run that still live, by the files that they left. */
  static List<Long> alive(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("pid-"))
          .map(name -> Long.parseLong(name.substring(4)))
          .filter(pid -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent())
          .toList();
    }
  }

  private void run() throws Exception {
    Files.createFile(folder.resolve("pid-" + ProcessHandle.current().pid()));
    Path checkpoint = folder.resolve("checkpoint");
    long done = 0;
    long sum = 0;
    if (arguments.contains("--resume")) {
      String[] read = Files.readString(checkpoint).split(" ");
      done = Long.parseLong(read[0]);
      sum = Long.parseLong(read[1]);
    }
    print("begins at step " + (done + 1));
    try (Ring ring = rank == 0 ? serve() : connect()) {
      for (long step = done + 1; step <= STEPS; step++) {
        if (step == 4) {
          misbehave();
        }
        if (rank == 0) {
          sum = 31 * sum + step;
          for (DataInputStream in : ring.in) {
            sum = 31 * sum + in.readLong();
          }
          write(checkpoint, step + " " + sum);
          Files.writeString(
              folder.resolve("metrics.jsonl"),
              "{\"step\":" + step + ",\"sum\":" + sum + "}\n",
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND);
          for (DataOutputStream out : ring.out) {
            out.writeLong(sum);
          }
        } else {
          ring.out.get(0).writeLong(step * (rank + 1));
          sum = ring.in.get(0).readLong();
        }
      }
    }
    print("ends with " + sum);
  }

  /** Fails as {@code --how} says if it is this rank's turn and nobody has failed before. */
  private void misbehave() throws Exception {
    if (!option("--fails").equals("" + rank)) {
      return;
    }
    String how = option("--how");
    if (!how.equals("always")) {
      if (Files.exists(folder.resolve("failed"))) {
        return;
      }
      Files.createFile(folder.resolve("failed"));
    }
    print("now: " + how);
    switch (how) {
      case "throw", "always" ->
          throw new IllegalStateException("rank " + rank + " was asked to fail");
      case "halt" -> Runtime.getRuntime().halt(7);
      case "invalid" -> System.exit(2);
      default -> {}
    }
    if (how.equals("kill")) {
      new ProcessBuilder("kill", "-9", "" + ProcessHandle.current().pid()).start();
    } else if (how.equals("executor")) { // that which started this process, and its guard
      new ProcessBuilder("kill", "-9", "" + ProcessHandle.current().parent().orElseThrow().pid())
          .start();
    } else if (how.equals("child")) {
      Process child = new ProcessBuilder("sleep", "300").start();
      Files.createFile(folder.resolve("pid-" + child.pid()));
    }
    Thread.sleep(120_000);
  }

  private Ring serve() throws IOException {
    String[] meet = option("--meet").split(":");
    Ring ring = new Ring();
    try (ServerSocket server =
        new ServerSocket(Integer.parseInt(meet[1]), 0, InetAddress.getByName(meet[0]))) {
      write(Path.of(option("--meet-file")), meet[0] + ":" + server.getLocalPort());
      for (int i = 1; i < world; i++) {
        ring.add(server.accept());
      }
    }
    return ring;
  }

  private Ring connect() throws IOException {
    String[] meet = option("--meet").split(":");
    Ring ring = new Ring();
    ring.add(
        new Socket(
            meet[0], Integer.parseInt(meet[1]), InetAddress.getByName(option("--address")), 0));
    return ring;
  }

  private static void write(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.writeString(temporary, text);
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private String option(String name) {
    return arguments.get(arguments.indexOf(name) + 1);
  }

  private static void print(String line) {
    System.out.println(line);
  }

  /**
   * The connections of rank 0 to the others, in the order in which they came, or of another to it.
   */
  private static final class Ring implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 1500;

    private final List<DataInputStream> in = new ArrayList<>();
    private final List<DataOutputStream> out = new ArrayList<>();

    private void add(Socket socket) throws IOException {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      in.add(new DataInputStream(socket.getInputStream()));
      out.add(new DataOutputStream(socket.getOutputStream()));
    }

    @Override
    public void close() throws IOException {
      for (DataOutputStream each : out) {
        each.close();
      }
    }
  }
}
