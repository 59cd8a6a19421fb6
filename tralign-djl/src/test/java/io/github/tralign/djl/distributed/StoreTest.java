package io.github.tralign.djl.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "x86_64"})
class StoreTest {

  private static final long LONG = 60_000;

  private final AtomicBoolean silent = new AtomicBoolean();

  @Test
  void who_puts_first_decides() {
    try (MeetingPoint point = MeetingPoint.serve(0);
        Store one = Store.connect("127.0.0.1", point.port(), LONG);
        Store other = Store.connect("127.0.0.1", point.port(), LONG)) {
      assertThat(one.put("key", "", LONG)).isEmpty();
      assertThat(other.put("key", "1 é", LONG)).isEqualTo("1 é");
      assertThat(one.put("key", "2", LONG)).isEqualTo("1 é");
      one.close();
      assertThatThrownBy(() -> one.put("key", "", LONG))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the store is closed");
      point.close();
      assertThatThrownBy(() -> other.put("key", "", LONG))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the store has ended");
    }
  }

  @Test
  void a_store_that_does_not_answer_is_waited_for_as_long_as_is_said() throws IOException {
    try (MeetingPoint point = MeetingPoint.serve(0);
        ServerSocket between = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      start(() -> forward(between.accept(), new Socket("127.0.0.1", point.port())));
      try (Store store = Store.connect("127.0.0.1", between.getLocalPort(), LONG)) {
        assertThat(store.put("key", "value", LONG)).isEqualTo("value");
        silent.set(true);
        assertThatThrownBy(() -> store.put("key", "", 100))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("the store does not answer");
      } // closing does not wait either
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One end is closed.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void forward(Socket client, Socket server) {
    start(() -> copy(client, server));
    start(() -> copy(server, client));
  }

  /** Until silence is asked for; then what comes is lost, but the connections stay. */
  private void copy(Socket from, Socket to) throws IOException {
    InputStream in = from.getInputStream();
    byte[] bytes = new byte[4096];
    for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
      if (!silent.get()) {
        to.getOutputStream().write(bytes, 0, n);
      }
    }
  }
}
