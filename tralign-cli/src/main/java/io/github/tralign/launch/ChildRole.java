package io.github.tralign.launch;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which of several processes on one machine a child is. It travels in the environment, so that all
 * have the same command line.
 *
 * @param rank the child's, ≥ 1
 * @param size the number of processes
 * @param port of the meeting point, on this machine
 */
public record ChildRole(int rank, int size, int port) {

  /** The machine's own address. */
  public static final String HOST = "127.0.0.1";

  private static final String VARIABLE = "TRALIGN_CHILD";
  private static final String GPUS = "CUDA_VISIBLE_DEVICES";

  /** That of this process; empty if it was started otherwise. */
  public static Optional<ChildRole> ofThisProcess() {
    return of(System.getenv());
  }

  static Optional<ChildRole> of(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(VARIABLE))
        .map(value -> value.split(" "))
        .map(
            it ->
                new ChildRole(
                    Integer.parseInt(it[0]), Integer.parseInt(it[1]), Integer.parseInt(it[2])));
  }

  /** The variables that a child gets beside those of its parent: its role, and a GPU of its own. */
  Map<String, String> variables(Map<String, String> parents) {
    Map<String, String> variables = new HashMap<>();
    variables.put(VARIABLE, rank + " " + size + " " + port);
    gpu(rank, parents).ifPresent(it -> variables.put(GPUS, it));
    return variables;
  }

  /**
   * The GPU of a rank, one each in the order of {@code CUDA_VISIBLE_DEVICES}, else in CUDA's own;
   * empty if the variable names fewer.
   */
  public static Optional<String> gpu(int rank, Map<String, String> environment) {
    String visible = environment.get(GPUS);
    if (visible == null) {
      return Optional.of(Integer.toString(rank));
    }
    String[] names = visible.split(",");
    return rank < names.length && !names[rank].isBlank()
        ? Optional.of(names[rank].strip())
        : Optional.empty();
  }

  /**
   * Ends this process as soon as its parent has ended, whatever it is doing: the standard input is
   * a pipe that the parent keeps open and writes nothing to.
   */
  void endWithParent() {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {}
              } catch (IOException e) {
                // The pipe is broken, as if it were closed.
              }
              Runtime.getRuntime().halt(1);
            },
            "tralign-parent");
    thread.setDaemon(true);
    thread.start();
  }
}
