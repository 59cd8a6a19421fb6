package io.github.tralign.hub;

import com.google.common.base.Splitter;
import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Proxies as {@code https_proxy}, {@code http_proxy} and {@code no_proxy} name them. */
final class EnvironmentProxies extends ProxySelector {

  private final Optional<InetSocketAddress> https;
  private final Optional<InetSocketAddress> http;
  private final List<String> direct;

  EnvironmentProxies(
      Optional<InetSocketAddress> https, Optional<InetSocketAddress> http, String noProxy) {
    this.https = https;
    this.http = http;
    this.direct =
        Splitter.on(',')
            .trimResults()
            .omitEmptyStrings()
            .splitToList(noProxy.toLowerCase(Locale.ROOT));
  }

  /**
   * Reads an address such as {@code http://proxy:3128} or {@code proxy:3128}.
   *
   * @throws InvalidInputException if it is none, or has a password, which Java does not send
   */
  static InetSocketAddress address(String variable, String text) {
    try {
      URI proxy = URI.create(text.contains("://") ? text : "http://" + text);
      if (proxy.getHost() != null
          && proxy.getRawUserInfo() == null
          && "http".equalsIgnoreCase(proxy.getScheme())) {
        int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
        return InetSocketAddress.createUnresolved(proxy.getHost(), port);
      }
    } catch (IllegalArgumentException e) {
      // reported as any other text that is no address
    }
    throw new InvalidInputException( // the text may have a password
        variable + ": is no address such as http://proxy:3128, without a user and a password");
  }

  @Override
  public List<Proxy> select(URI place) {
    Optional<InetSocketAddress> proxy = place.getScheme().equalsIgnoreCase("https") ? https : http;
    return proxy.isEmpty() || isDirect(place)
        ? List.of(Proxy.NO_PROXY)
        : List.of(
            new Proxy(
                Proxy.Type.HTTP,
                new InetSocketAddress(proxy.get().getHostString(), proxy.get().getPort())));
  }

  private boolean isDirect(URI place) {
    String host = String.valueOf(place.getHost()).toLowerCase(Locale.ROOT);
    return direct.stream()
        .map(it -> it.replaceFirst("^\\*?\\.", "").replaceFirst(":\\d+$", ""))
        .anyMatch(it -> it.equals("*") || host.equals(it) || host.endsWith("." + it));
  }

  @Override
  public void connectFailed(URI place, SocketAddress proxy, IOException e) {
    // the request fails with the same exception
  }
}
