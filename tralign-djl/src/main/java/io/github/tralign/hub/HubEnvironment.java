package io.github.tralign.hub;

import com.google.common.base.Strings;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The environment variables of Hugging Face's libraries, with the same meaning and defaults. */
final class HubEnvironment {

  private static final String HUB = "https://huggingface.co";
  private static final Set<String> YES = Set.of("1", "on", "yes", "true");

  private final UnaryOperator<@Nullable String> variables;
  private final String home;

  /**
   * An environment.
   *
   * @param variables from a name to the value, or null
   * @param home the user's folder
   */
  HubEnvironment(UnaryOperator<@Nullable String> variables, String home) {
    this.variables = variables;
    this.home = home;
  }

  /** That of this process; a Java property of the same name comes before a variable. */
  static HubEnvironment ofProcess() {
    return new HubEnvironment(
        name -> System.getProperty(name, System.getenv(name)), System.getProperty("user.home"));
  }

  /** The folder of the cache. */
  Path cache() {
    return first("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")
        .map(this::path)
        .orElseGet(() -> huggingFace().resolve("hub"));
  }

  private Path huggingFace() {
    return first("HF_HOME")
        .map(this::path)
        .orElseGet(
            () ->
                first("XDG_CACHE_HOME")
                    .map(this::path)
                    .orElse(Path.of(home, ".cache"))
                    .resolve("huggingface"));
  }

  /**
   * Where the hub is.
   *
   * @throws InvalidInputException if HF_ENDPOINT is no web address
   */
  URI endpoint() {
    String text = first("HF_ENDPOINT").orElse(HUB).replaceFirst("/+$", "");
    try {
      URI endpoint = URI.create(text);
      String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
      if (Set.of("https", "http").contains(scheme)
          && endpoint.getHost() != null
          && endpoint.getRawUserInfo() == null
          && endpoint.getRawQuery() == null) {
        return endpoint;
      }
    } catch (IllegalArgumentException e) {
      // reported as any other text that is no address
    }
    throw new InvalidInputException("HF_ENDPOINT: '" + text + "' is no address such as " + HUB);
  }

  /**
   * The access token: HF_TOKEN, or the file that 'hf auth login' writes.
   *
   * @throws InvalidInputException if the file cannot be read, or what is there is no token
   */
  Optional<String> token() {
    Optional<String> token = first("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN").or(this::storedToken);
    if (token.isPresent() && !token.get().matches("[!-~]+")) {
      throw new InvalidInputException(
          "HF_TOKEN, or the token's file: is no access token, which has no blanks or special"
              + " characters"); // and must not be shown
    }
    return token;
  }

  private Optional<String> storedToken() {
    Path file =
        first("HF_TOKEN_PATH").map(this::path).orElseGet(() -> huggingFace().resolve("token"));
    try {
      return Optional.of(Files.readString(file).strip()).filter(it -> !it.isEmpty());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** Whether the network must not be asked. */
  boolean isOffline() {
    return isSet("HF_HUB_OFFLINE") || isSet("TRANSFORMERS_OFFLINE");
  }

  boolean hasLinks() {
    return !isSet("HF_HUB_DISABLE_SYMLINKS");
  }

  /** The proxies that the environment names; if none, Java's own settings count. */
  Optional<EnvironmentProxies> proxies() {
    Optional<String> all = first("ALL_PROXY", "all_proxy");
    Optional<String> https = first("HTTPS_PROXY", "https_proxy").or(() -> all);
    Optional<String> http = first("http_proxy", "HTTP_PROXY").or(() -> all);
    return https.isEmpty() && http.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new EnvironmentProxies(
                https.map(it -> EnvironmentProxies.address("https_proxy", it)),
                http.map(it -> EnvironmentProxies.address("http_proxy", it)),
                first("NO_PROXY", "no_proxy").orElse("")));
  }

  private boolean isSet(String name) {
    return first(name).map(it -> YES.contains(it.toLowerCase(Locale.ROOT))).orElse(false);
  }

  private Optional<String> first(String... names) {
    return Stream.of(names)
        .map(name -> Strings.nullToEmpty(variables.apply(name)).strip())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  private Path path(String text) {
    return text.equals("~") || text.startsWith("~/")
        ? Path.of(home + text.substring(1))
        : Path.of(text);
  }
}
