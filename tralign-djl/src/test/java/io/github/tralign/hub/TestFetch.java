package io.github.tralign.hub;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Fetches into a folder of a test, without waiting before a request is repeated. */
final class TestFetch {

  private final Map<String, String> variables = new ConcurrentHashMap<>();
  private final List<Duration> slept = new CopyOnWriteArrayList<>();
  private final Path home;
  private Duration patience = Duration.ofMinutes(1);

  TestFetch(Path home, String endpoint) {
    this.home = home;
    set("HF_HOME", home.toString()).set("HF_ENDPOINT", endpoint + "/");
  }

  TestFetch set(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  TestFetch patience(int millis) {
    patience = Duration.ofMillis(millis);
    return this;
  }

  /** How long it would have waited. */
  List<Duration> slept() {
    return slept;
  }

  HubFetch get() {
    return new HubFetch(
        new HubEnvironment(variables::get, home.toString()),
        patience,
        new Retries(slept::add),
        FileSelection.DEFAULT,
        (file, done, total) -> {});
  }
}
