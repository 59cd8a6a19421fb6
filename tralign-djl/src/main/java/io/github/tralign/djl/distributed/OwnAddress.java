package io.github.tralign.djl.distributed;

import io.github.tralign.InvalidInputException;
import io.github.tralign.distributed.ProcessGroupException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;

/** The address of this machine that the other processes connect to. */
final class OwnAddress {

  private static final int TRY_MILLIS = 5_000;

  /** A name may be new: that of a container is known once it runs. */
  private static final int PATIENCE_WITH_NAMES_MILLIS = 60_000;

  private OwnAddress() {}

  /**
   * The address that is set, else the one that this machine reaches the meeting point from. Waits
   * until something listens there.
   *
   * @throws InvalidInputException if the host is unknown, or the address not one of this machine
   * @throws ProcessGroupException if nothing listens there in time
   */
  static InetAddress find(JoinSettings settings, Patience patience) {
    InetAddress towards = connect(settings, patience);
    return settings.address().map(OwnAddress::checked).orElse(towards);
  }

  private static InetAddress checked(String address) {
    try {
      InetAddress its = InetAddress.getByName(address);
      if (NetworkInterface.getByInetAddress(its) != null) {
        return its;
      }
    } catch (UnknownHostException | SocketException e) {
      throw new InvalidInputException("the address '" + address + "' is unknown", e);
    }
    throw new InvalidInputException(
        "the address '"
            + address
            + "' is not one of this machine; give one that the other processes can reach it by");
  }

  private static InetAddress connect(JoinSettings settings, Patience patience) {
    while (true) {
      try (Socket socket = new Socket()) {
        InetAddress host = InetAddress.getByName(settings.host());
        socket.connect(new InetSocketAddress(host, settings.port()), patience.upTo(TRY_MILLIS));
        return socket.getLocalAddress();
      } catch (UnknownHostException e) {
        if (patience.isOver() || patience.waited() >= PATIENCE_WITH_NAMES_MILLIS) {
          throw new InvalidInputException("the host '" + settings.host() + "' is unknown", e);
        }
      } catch (IOException e) {
        if (patience.isOver()) {
          throw new ProcessGroupException(
              String.format(
                  Locale.ROOT,
                  "rank %d cannot reach the meeting point at %s, tried for %s: %s",
                  settings.rank(),
                  settings.place(),
                  Patience.text(settings.timeout()),
                  e.getMessage()),
              e);
        }
      }
      patience.pause();
    }
  }
}
