package io.github.tralign.hub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server of our own, which can also cut connections, and answer nothing. */
public final class LoopbackServer implements AutoCloseable {

  private final ServerSocket socket;
  private final Function<Request, Reply> replies;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  /**
   * A request.
   *
   * @param target as it came, not decoded
   * @param headers by lower-case name
   */
  public record Request(String method, String target, Map<String, String> headers) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /**
   * A reply.
   *
   * @param cut bytes of the body after which the connection ends
   */
  public record Reply(int status, Map<String, String> headers, byte[] body, int cut) {

    /** Nothing is answered, and the connection stays. */
    static final Reply NEVER = new Reply(0, Map.of(), new byte[0], 0);

    static Reply of(int status, Map<String, String> headers, byte[] body) {
      return new Reply(status, headers, body, Integer.MAX_VALUE);
    }

    static Reply of(int status, String... headers) {
      Map<String, String> all = new TreeMap<>();
      for (int i = 0; i < headers.length; i += 2) {
        all.put(headers[i], headers[i + 1]);
      }
      return of(status, all, new byte[0]);
    }

    Reply cutAfter(int bytes) {
      return new Reply(status, headers, body, bytes);
    }
  }

  public LoopbackServer(int port, Function<Request, Reply> replies) {
    this.replies = replies;
    try {
      socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  public String address() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  /** What was asked so far, in its order. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = socket.accept();
        open.add(client);
        start(() -> serve(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket client) {
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
      String[] first = String.valueOf(in.readLine()).split(" ");
      Map<String, String> headers = new TreeMap<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        String[] header = line.split(": *", 2);
        headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
      }
      Request request = new Request(first[0], first[1], headers);
      requests.add(request);
      Reply reply = replies.apply(request);
      if (reply != Reply.NEVER) {
        send(client.getOutputStream(), reply, first[0].equals("HEAD"));
        client.close();
      }
    } catch (IOException | RuntimeException e) {
      closeQuietly(client); // such as a client that was interrupted
    }
  }

  private static void send(OutputStream out, Reply reply, boolean head) throws IOException {
    StringBuilder text = new StringBuilder("HTTP/1.1 " + reply.status() + " Status\r\n");
    Map<String, String> headers = new TreeMap<>(reply.headers());
    headers.putIfAbsent("Content-Length", String.valueOf(reply.body().length));
    headers.put("Connection", "close");
    headers.forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
    out.write((text + "\r\n").getBytes(ISO_8859_1));
    if (!head) {
      out.write(Arrays.copyOf(reply.body(), Math.min(reply.body().length, reply.cut())));
    }
    out.flush();
  }

  private static void closeQuietly(Socket client) {
    try {
      client.close();
    } catch (IOException e) {
      // nothing is left to do
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(LoopbackServer::closeQuietly);
  }
}
