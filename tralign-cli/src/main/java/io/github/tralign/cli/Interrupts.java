package io.github.tralign.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Calls something on Ctrl-C in place of ending the process. Java offers this in the module
 * jdk.unsupported only; without it, Ctrl-C ends the process.
 */
final class Interrupts implements AutoCloseable {

  private static final String SIGNAL = "sun.misc.Signal";
  private static final String HANDLER = "sun.misc.SignalHandler";

  private final Object before;

  private Interrupts(Object before) {
    this.before = before;
  }

  /** Calls {@code use} on another thread, until this is closed. */
  static Interrupts handledBy(Runnable use) {
    try {
      Class<?> handler = Class.forName(HANDLER);
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  use.run();
                }
                return null;
              });
      return new Interrupts(set(proxy));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return new Interrupts("none");
    }
  }

  private static Object set(Object handler) throws ReflectiveOperationException {
    Class<?> signal = Class.forName(SIGNAL);
    Method handle = signal.getMethod("handle", signal, Class.forName(HANDLER));
    return handle.invoke(null, signal.getConstructor(String.class).newInstance("INT"), handler);
  }

  @Override
  public void close() {
    try {
      if (Class.forName(HANDLER).isInstance(before)) {
        set(before);
      }
    } catch (ReflectiveOperationException e) {
      // It could not be set either.
    }
  }
}
