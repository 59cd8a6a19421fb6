package io.github.tralign.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs another main class in a process that ends with its parent. The parent never writes to the
 * standard input, which therefore ends when the parent does, even by SIGKILL.
 */
public final class GuardedMain {

  private static final int ENDED_WITH_PARENT = 143; // as by SIGTERM

  private GuardedMain() {}

  /**
   * Runs the main method of the class that the first argument names.
   *
   * @param args the class and its arguments
   */
  public static void main(String[] args) throws Throwable {
    Thread guard = new Thread(() -> awaitEnd(System.in), "end with the parent process");
    guard.setDaemon(true);
    guard.start();
    try {
      Class.forName(args[0])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static void awaitEnd(InputStream in) {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // the pipe is broken: the parent is gone too
    }
    Runtime.getRuntime().halt(ENDED_WITH_PARENT); // no hooks: they may wait for ranks that are gone
  }
}
