package io.github.tralign.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends requests and follows redirects. Only the hub itself gets to see the token. */
final class HubHttp {

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTS = 10;

  private final HttpClient client;
  private final URI endpoint;
  private final Optional<String> token;
  private final Duration patience;
  private boolean reached;

  /**
   * A connection to a hub.
   *
   * @param patience how long nothing may arrive
   */
  HubHttp(HttpClient client, URI endpoint, Optional<String> token, Duration patience) {
    this.client = client;
    this.endpoint = endpoint;
    this.token = token;
    this.patience = patience;
  }

  URI endpoint() {
    return endpoint;
  }

  boolean hasToken() {
    return token.isPresent();
  }

  /** Whether a place is the hub's own, and no other server's to which it redirects. */
  boolean isHub(URI place) {
    return origin(place).equals(origin(endpoint));
  }

  /** Asks for the headers alone, where the hub itself gives them. */
  HttpResponse<@Nullable Void> head(URI place) throws IOException, InterruptedException {
    return send("HEAD", place, Map.of(), () -> new Transfer(head -> bytes -> {}));
  }

  /** Asks for a body, wherever it is. */
  HttpResponse<@Nullable Void> get(
      URI place, Map<String, String> headers, Supplier<Transfer> transfers)
      throws IOException, InterruptedException {
    return send("GET", place, headers, transfers);
  }

  private HttpResponse<@Nullable Void> send(
      String method, URI place, Map<String, String> headers, Supplier<Transfer> transfers)
      throws IOException, InterruptedException {
    URI at = place;
    for (int i = 0; i < MOST_REDIRECTS; i++) {
      HttpResponse<@Nullable Void> response =
          exchange(request(method, at, headers), transfers.get());
      Optional<URI> next = redirect(response, at);
      if (next.isEmpty() || method.equals("HEAD") && !isHub(next.get())) {
        return response;
      }
      at = next.get();
    }
    throw new HubException(place + ": is redirected more than " + MOST_REDIRECTS + " times");
  }

  private HttpRequest request(String method, URI place, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(place)
            .method(method, BodyPublishers.noBody())
            .header("User-Agent", "tralign")
            .header("Accept-Encoding", "identity"); // sizes and ranges of the file itself
    headers.forEach(request::header);
    if (isHub(place)) {
      token.ifPresent(it -> request.header("Authorization", "Bearer " + it));
    }
    return request.build();
  }

  private Optional<URI> redirect(HttpResponse<?> response, URI from) {
    Optional<String> location = response.headers().firstValue("Location");
    if (!REDIRECTS.contains(response.statusCode()) || location.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI to = from.resolve(location.get());
      if (to.getHost() != null
          && (to.getScheme().equalsIgnoreCase("https")
              || to.getScheme().equalsIgnoreCase(endpoint.getScheme()))) {
        return Optional.of(to);
      }
    } catch (IllegalArgumentException e) {
      // as any other place that cannot be followed
    }
    throw new HubException(
        origin(from) + ": redirects to a place that is not followed: " + shown(location.get()));
  }

  private HttpResponse<@Nullable Void> exchange(HttpRequest request, Transfer transfer)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<@Nullable Void>> exchange = client.sendAsync(request, transfer);
    long before = 0;
    try {
      while (true) {
        try {
          HttpResponse<@Nullable Void> response =
              exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS);
          reached = true;
          return response;
        } catch (TimeoutException e) {
          long now = transfer.received();
          if (now == before) {
            throw new TransientException(
                origin(request.uri()) + ": nothing arrived for " + patience.toSeconds() + " s", e);
          }
          before = now;
        }
      }
    } catch (ExecutionException e) {
      throw failure(request.uri(), e.getCause() == null ? e : e.getCause());
    } finally {
      transfer.abandon();
      exchange.cancel(true); // closes the connection if it is not done
    }
  }

  private IOException failure(URI place, Throwable e) {
    if (e instanceof HubException it) {
      throw it;
    }
    if (!(e instanceof IOException)) {
      throw new IllegalStateException(e);
    }
    if (!reached && isUnreachable(e)) {
      throw new HubException(
          origin(place)
              + ": cannot be reached ("
              + reason(e)
              + "); fetch needs a network connection; behind a proxy set https_proxy",
          e);
    }
    return e instanceof TransientException it
        ? it
        : new TransientException(origin(place) + ": the connection failed (" + reason(e) + ")", e);
  }

  private static boolean isUnreachable(Throwable e) {
    return e instanceof ConnectException
        || e instanceof UnknownHostException
        || e instanceof HttpConnectTimeoutException;
  }

  private static String reason(Throwable e) {
    for (Throwable it = e; it != null; it = it.getCause()) {
      if (it instanceof UnresolvedAddressException || it instanceof UnknownHostException) {
        return "unknown host";
      }
    }
    return e.getMessage() == null
        ? e instanceof ConnectException ? "no connection" : e.getClass().getSimpleName()
        : shown(e.getMessage());
  }

  /** Scheme, host and port: signed addresses are long, and secret. */
  static String origin(URI place) {
    String scheme = String.valueOf(place.getScheme()).toLowerCase(Locale.ROOT);
    String host = String.valueOf(place.getHost()).toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    int port = place.getPort() < 0 ? usual : place.getPort();
    return scheme + "://" + host + (port == usual ? "" : ":" + port);
  }

  /** A server's text, short and in one line. */
  static String shown(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > 200 ? line.substring(0, 200) + "…" : line;
  }
}
