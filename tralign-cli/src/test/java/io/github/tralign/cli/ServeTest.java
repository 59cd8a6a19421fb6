package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeTest {

  private static final Pattern ADDRESS = Pattern.compile("serving llama at (http://\\S+)\n");
  private static final long DEADLINE_SECONDS = 120;

  @TempDir private Path folder;

  @Test
  void a_server_answers_until_it_is_asked_to_terminate() throws Exception {
    Process process =
        Cli.start(folder, "serve", "--policy", Cli.LLAMA, "--port", 0, "--threads", 1);
    try {
      String address = address(process);
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  request(address, "{\"prompt\":\"a\",\"max_tokens\":3}"),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("\"completion_tokens\":3");
      HttpResponse<InputStream> stream =
          HttpClient.newHttpClient()
              .send(
                  request(
                      address, "{\"prompt\":\"a\",\"n\":64,\"max_tokens\":100,\"stream\":true}"),
                  HttpResponse.BodyHandlers.ofInputStream());
      assertThat(stream.statusCode()).isEqualTo(200);
      process.destroy(); // SIGTERM
      String text = new String(stream.body().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text.substring(text.lastIndexOf("data: ")))
          .containsAnyOf("data: [DONE]\n\n", "the server stops");
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
      assertThat(folder.resolve("stderr")).content().doesNotContain("Exception");
    } finally {
      process.destroyForcibly();
    }
  }

  private static HttpRequest request(String address, String body) {
    return HttpRequest.newBuilder(URI.create(address + "/completions"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private String address(Process process) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (process.isAlive() && System.nanoTime() < deadline) {
      Matcher line = ADDRESS.matcher(Files.readString(folder.resolve("stdout")));
      if (line.find()) {
        return line.group(1);
      }
      Thread.sleep(10);
    }
    throw new AssertionError(Files.readString(folder.resolve("stderr")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port 70000|--port: must be in [0, 65535], not 70000",
        "--host 0.0.0.0|--host: 0.0.0.0 can be reached from other machines; set the environment",
        "--max-completions 0|--max-completions: must be at least 1, not 0",
        "--max-body 0|--max-body: must be at least 1, not 0",
        "--cache-tokens 90000000000|--cache-tokens: memory cannot hold the keys and values of 9"
      })
  void an_invalid_option_is_named(String options, String message) {
    Cli.Outcome outcome = serve((Object[]) options.split(" "));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("tralign: " + message);
  }

  @Test
  void an_ipv6_address_is_in_brackets_in_a_url() {
    assertThat(ServeCommand.inUrl("::1")).isEqualTo("[::1]");
    assertThat(ServeCommand.inUrl("localhost")).isEqualTo("localhost");
  }

  @Test
  void a_port_that_is_taken_is_named() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Cli.Outcome outcome = serve("--port", taken.getLocalPort(), "--quiet");
      assertThat(outcome.code()).isEqualTo(2);
      assertThat(outcome.err()).contains("--port: 127.0.0.1:" + taken.getLocalPort() + ": ");
    }
  }

  @Test
  void a_chat_requires_a_template_and_two_models_that_exist() {
    Cli.Outcome without = Cli.run("chat", "--policy", Cli.LLAMA);
    assertThat(without.code()).isEqualTo(2);
    assertThat(without.err()).contains("the model has no chat template; give one with");
    Cli.Outcome against = Cli.run("chat", "--policy", Cli.LLAMA, "--against", "nowhere");
    assertThat(against.code()).isEqualTo(2);
    assertThat(against.err()).contains("nowhere");
  }

  private static Cli.Outcome serve(Object... more) {
    Object[] common = {"serve", "--policy", Cli.LLAMA, "--threads", 1};
    return Cli.run(Stream.of(common, more).flatMap(Stream::of).toArray());
  }
}
