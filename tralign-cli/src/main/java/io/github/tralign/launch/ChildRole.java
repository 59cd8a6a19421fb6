package io.github.tralign.launch;

import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
  private static final Pattern FORM = // rank, size, port and the parent's process id
      Pattern.compile("(\\d{1,9}) (\\d{1,9}) (\\d{1,5}) (\\d+)");
  private static final String GPUS = "CUDA_VISIBLE_DEVICES";

  /**
   * That of this process; empty if it was started otherwise.
   *
   * @throws InvalidInputException if the variable was not set by the parent of this process
   */
  public static Optional<ChildRole> ofThisProcess() {
    long parent = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
    return of(System.getenv(), parent);
  }

  static Optional<ChildRole> of(Map<String, String> environment, long parent) {
    String value = environment.get(VARIABLE);
    if (value == null) {
      return Optional.empty();
    }
    Matcher form = FORM.matcher(value);
    if (!form.matches() || !form.group(4).equals(Long.toString(parent))) {
      throw new InvalidInputException(
          VARIABLE
              + " is set to '"
              + value
              + "', but not by the process that started this one; unset it");
    }
    return Optional.of(
        new ChildRole(
            Integer.parseInt(form.group(1)),
            Integer.parseInt(form.group(2)),
            Integer.parseInt(form.group(3))));
  }

  /** The variables that a child gets beside those of its parent: its role, and a GPU of its own. */
  Map<String, String> variables(Map<String, String> parents) {
    long parent = ProcessHandle.current().pid();
    Map<String, String> variables = new HashMap<>();
    variables.put(VARIABLE, rank + " " + size + " " + port + " " + parent);
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
