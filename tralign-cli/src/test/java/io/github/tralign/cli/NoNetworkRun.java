package io.github.tralign.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.Set;

/**
 * The command line in a Java that gives nobody a connection and tells of each attempt. Started in a
 * process of its own by {@link NoNetworkTest}, with {@link Channels} as Java's provider of them.
 */
public final class NoNetworkRun {

  static final String TRIED = "NETWORK: ";

  private static final Set<String> PROTOCOLS = Set.of("http", "https", "ftp");

  private NoNetworkRun() {}

  /** Takes the arguments of the command line, or none to try the trap itself. */
  @SuppressWarnings("deprecation") // since 17, without anything in its place
  public static void main(String[] args) throws IOException {
    URL.setURLStreamHandlerFactory(
        protocol -> {
          if (PROTOCOLS.contains(protocol)) {
            throw tried("a connection by " + protocol);
          }
          return null; // Java's own, such as that of jar files
        });
    Socket.setSocketImplFactory(
        () -> {
          throw tried("a socket");
        });
    ServerSocket.setSocketFactory(
        () -> {
          throw tried("a server's socket");
        });
    DatagramSocket.setDatagramSocketImplFactory(
        () -> {
          throw tried("a socket for datagrams");
        });
    if (args.length == 0) {
      tryTheTrap();
    } else {
      System.exit(Main.run(args, System.out, System.err));
    }
  }

  private static IllegalStateException tried(String what) {
    IllegalStateException refusal = new IllegalStateException(TRIED + what);
    refusal.printStackTrace(); // for whoever catches it says nothing
    return refusal;
  }

  private interface Attempt {
    void make() throws IOException;
  }

  private static void tryTheTrap() {
    InetAddress here = InetAddress.getLoopbackAddress();
    List<Attempt> attempts =
        List.of(
            () -> {
              try (InputStream in = URI.create("http://127.0.0.1:9/").toURL().openStream()) {
                in.read();
              }
            },
            () -> new Socket(here, 9).close(),
            () -> new ServerSocket(0).close(),
            () -> SocketChannel.open().close(),
            () -> DatagramChannel.open().close(),
            () -> {
              try (DatagramSocket socket = new DatagramSocket()) {
                socket.send(new DatagramPacket(new byte[1], 1, here, 9));
              }
            });
    for (Attempt attempt : attempts) {
      try {
        attempt.make();
        System.out.println("passed");
      } catch (IllegalStateException | IOException e) {
        System.out.println(String.valueOf(e.getMessage()).contains(TRIED) ? "caught" : e);
      }
    }
  }

  /** No channel for anyone. */
  public static final class Channels extends SelectorProvider {
    @Override
    public DatagramChannel openDatagramChannel() {
      throw tried("a channel for datagrams");
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) {
      throw tried("a channel for datagrams");
    }

    @Override
    public Pipe openPipe() {
      throw tried("a pipe");
    }

    @Override
    public AbstractSelector openSelector() {
      throw tried("a selector");
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() {
      throw tried("a server's channel");
    }

    @Override
    public SocketChannel openSocketChannel() {
      throw tried("a channel");
    }
  }
}
