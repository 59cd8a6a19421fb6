package io.github.tralign.hub;

import io.github.tralign.InvalidInputException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;

/** What a status of the hub means, and what can be done about it. */
final class Rejection {

  private static final Set<Integer> BUSY = Set.of(408, 425, 429, 500, 502, 503, 504);

  private Rejection() {}

  /**
   * The failure of a response without content.
   *
   * @return a failure that may be over at the next try
   * @throws InvalidInputException if the name is wrong, or access is not granted
   * @throws HubException if the server answers with anything else
   */
  static TransientException of(HttpResponse<?> response, HubHttp http, HubReference asked) {
    int status = response.statusCode();
    HttpHeaders headers = response.headers();
    String place = HubHttp.origin(response.uri());
    String said =
        headers.firstValue("X-Error-Message").map(it -> ": " + HubHttp.shown(it)).orElse("");
    String what = place + ": status " + status + said;
    if (BUSY.contains(status) || status >= 400 && !http.isHub(response.uri())) {
      return new TransientException(what, wait(headers)); // a signed address may have expired
    }
    String code = headers.firstValue("X-Error-Code").orElse("");
    String repo = asked.kind().prefix() + asked.repo();
    if (code.equals("GatedRepo")) {
      throw new InvalidInputException(
          repo
              + ": asks for consent before it is fetched; agree to its conditions on "
              + http.endpoint()
              + "/"
              + repo
              + ", then "
              + login(http));
    }
    if (code.equals("RevisionNotFound")) {
      throw new InvalidInputException(repo + ": has no revision '" + asked.revision() + "'");
    }
    if (code.equals("EntryNotFound")) {
      throw new InvalidInputException(repo + ": has no file '" + asked.path() + "'");
    }
    if (status == 401 || status == 403 || status == 404) {
      String kind = asked.kind() == HubReference.Kind.MODEL ? "model" : "data set";
      throw new InvalidInputException(
          repo
              + ": no such "
              + kind
              + " at "
              + http.endpoint()
              + ", or it is private (status "
              + status
              + said
              + "); if it is, "
              + login(http));
    }
    throw new HubException(what);
  }

  private static String login(HubHttp http) {
    return http.hasToken()
        ? "the access token must be one that may read it; the one that was sent may not"
        : "set HF_TOKEN to an access token that may read it, or log in with 'hf auth login'";
  }

  private static Duration wait(HttpHeaders headers) {
    return headers.firstValue("Retry-After").map(Rejection::parse).orElse(Duration.ZERO);
  }

  private static Duration parse(String header) {
    try {
      Duration wait =
          header.strip().matches("\\d{1,9}")
              ? Duration.ofSeconds(Long.parseLong(header.strip()))
              : Duration.between(
                  Instant.now(),
                  ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                      .toInstant());
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return Duration.ZERO; // neither a number nor a date: as if it were not there
    }
  }
}
