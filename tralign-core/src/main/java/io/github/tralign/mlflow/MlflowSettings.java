package io.github.tralign.mlflow;

import static java.util.Objects.requireNonNull;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * Where a run is logged, and under which name.
 *
 * @param server the address of an MLflow tracking server, http or https
 * @param authorization the header of that name in each request; empty for none
 * @param experiment the experiment's name; it is created if there is none
 * @param name the run's name; empty for one that the server makes up
 * @param params settings of the run, by name
 * @param tags what else is known of the run, by name
 */
public record MlflowSettings(
    URI server,
    String authorization,
    String experiment,
    String name,
    ImmutableMap<String, String> params,
    ImmutableMap<String, String> tags) {

  /** The environment variable with the server's address. */
  public static final String URI_VARIABLE = "MLFLOW_TRACKING_URI";

  private static final String DEFAULT_EXPERIMENT = "tralign";
  private static final int LAST_PORT = 65_535;
  private static final CharMatcher ALLOWED = CharMatcher.inRange(' ', '~');

  /** Checks the address. */
  public MlflowSettings {
    requireNonNull(server, "server");
    requireNonNull(authorization, "authorization");
    requireNonNull(experiment, "experiment");
    requireNonNull(name, "name");
    requireNonNull(params, "params");
    requireNonNull(tags, "tags");
    checkPassword(server.toString());
    boolean http = "http".equals(server.getScheme()) || "https".equals(server.getScheme());
    if (!http || server.getHost() == null || server.getPort() > LAST_PORT) {
      throw new InvalidInputException(
          "'"
              + server
              + "' is no address of an MLflow server; expected one such as http://localhost:5000");
    }
    if (server.getRawQuery() != null || server.getRawFragment() != null) {
      throw new InvalidInputException( // without the address: some have a token there
          "the address of the MLflow server has a ? or #; expected one such as"
              + " http://localhost:5000");
    }
    if (!ALLOWED.matchesAllOf(authorization)) {
      throw new InvalidInputException( // HttpClient would quote it
          "the credentials of the MLflow server must be printable ASCII characters in one line");
    }
  }

  /** Rejects an address with a password before another message could quote it. */
  private static void checkPassword(String address) {
    if (address.indexOf('@') >= 0) {
      throw new InvalidInputException(
          "the address of the MLflow server has a password; give MLFLOW_TRACKING_USERNAME and"
              + " MLFLOW_TRACKING_PASSWORD in the environment instead");
    }
  }

  /**
   * The server at an address; credentials and experiment are those of the environment: {@code
   * MLFLOW_TRACKING_TOKEN}, or {@code MLFLOW_TRACKING_USERNAME} and {@code
   * MLFLOW_TRACKING_PASSWORD}; {@code MLFLOW_EXPERIMENT_NAME}, by default {@code tralign}.
   *
   * @throws InvalidInputException if it is no address of a server
   */
  public static MlflowSettings of(String server) {
    return of(requireNonNull(server, "server"), System.getenv());
  }

  /**
   * The server that {@code MLFLOW_TRACKING_URI} names, as {@link #of}.
   *
   * @throws InvalidInputException if it names none
   */
  public static MlflowSettings ofEnvironment() {
    return of("", System.getenv());
  }

  static MlflowSettings of(String server, Map<String, String> environment) {
    String address = server.isEmpty() ? environment.getOrDefault(URI_VARIABLE, "") : server;
    if (address.isEmpty()) {
      throw new InvalidInputException(
          "the address of the MLflow server is missing; give it, or set " + URI_VARIABLE);
    }
    checkPassword(address);
    try {
      return new MlflowSettings(
          new URI(address),
          authorization(environment),
          environment.getOrDefault("MLFLOW_EXPERIMENT_NAME", DEFAULT_EXPERIMENT),
          "",
          ImmutableMap.of(),
          ImmutableMap.of());
    } catch (URISyntaxException e) {
      throw new InvalidInputException("'" + address + "' is no address of an MLflow server", e);
    }
  }

  private static String authorization(Map<String, String> environment) {
    String token = environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "").strip();
    String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
    String pair = user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
    return !token.isEmpty()
        ? "Bearer " + token
        : user.isEmpty()
            ? ""
            : "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  /** The same with another experiment. */
  public MlflowSettings experiment(String experiment) {
    return new MlflowSettings(server, authorization, experiment, name, params, tags);
  }

  /** The same with a name for the run. */
  public MlflowSettings name(String name) {
    return new MlflowSettings(server, authorization, experiment, name, params, tags);
  }

  /** The same with other settings of the run. */
  public MlflowSettings params(Map<String, String> params) {
    requireNonNull(params, "params");
    return new MlflowSettings(
        server, authorization, experiment, name, ImmutableMap.copyOf(params), tags);
  }

  /** The same with other tags. */
  public MlflowSettings tags(Map<String, String> tags) {
    requireNonNull(tags, "tags");
    return new MlflowSettings(
        server, authorization, experiment, name, params, ImmutableMap.copyOf(tags));
  }

  /** Without the credentials. */
  @Override
  public String toString() {
    return "MLflow at " + server + ", experiment " + experiment;
  }
}
