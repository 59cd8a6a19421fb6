package io.github.tralign.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLoadTest {

  private static final int CLIENTS = 16;
  private static final int REQUESTS = 200;
  private static final int KINDS = 10;

  @TempDir private Path folder;

  @Test
  void many_clients_get_the_answers_that_each_would_get_alone() throws Exception {
    try (Served served = new Served(folder, Optional.empty())) {
      Map<Integer, String> alone = new HashMap<>();
      for (int kind = 0; kind < KINDS; kind++) {
        alone.put(kind, ask(served, kind));
      }
      assertThat(alone.values()).doesNotHaveDuplicates();
      ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
      try {
        List<Callable<String>> tasks = new ArrayList<>();
        IntStream.range(0, REQUESTS).forEach(i -> tasks.add(() -> act(served, i)));
        List<Future<String>> answers = clients.invokeAll(tasks);
        for (int i = 0; i < REQUESTS; i++) {
          assertThat(answers.get(i).get())
              .isEqualTo(i % 5 == 4 ? "" : alone.getOrDefault(i % KINDS, ""));
        }
      } finally {
        clients.shutdownNow();
      }
      assertEverythingIsFree(served);
    }
  }

  /** Most ask and read; every fifth sends what is malformed, or vanishes. */
  private static String act(Served served, int number) throws Exception {
    if (number % 5 < 4) {
      return ask(served, number % KINDS);
    }
    if (number % 2 == 0) {
      assertThat(served.post("/v1/completions", "{'prompt'").statusCode()).isEqualTo(400);
    } else {
      vanish(served, number);
    }
    return "";
  }

  private static String ask(Served served, int kind) throws Exception {
    String body =
        String.format(
            Locale.ROOT,
            "{'prompt': 'Number %d', 'seed': %d, 'temperature': 1.2, 'max_tokens': %d}",
            kind,
            kind,
            10 + 3 * kind);
    while (true) {
      HttpResponse<String> response = served.post("/v1/completions", body);
      if (response.statusCode() != 429) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = Served.json(response);
        return answer.at("/choices/0/text").asText();
      }
    }
  }

  /** Asks for much, and closes the connection at once or after the first bytes of the answer. */
  private static void vanish(Served served, int number) throws IOException {
    String body = "{\"prompt\": \"a\", \"stream\": true, \"max_tokens\": 200}";
    try (Socket socket = new Socket("127.0.0.1", served.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Content-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
              .getBytes(StandardCharsets.UTF_8));
      out.flush();
      if (number % 3 == 0) {
        assertThat(socket.getInputStream().read()).isPositive();
      }
      socket.setSoLinger(true, 0);
    }
  }

  /** As many completions as may run at once are accepted again, so nothing was lost. */
  private static void assertEverythingIsFree(Served served) throws Exception {
    String all = "{'prompt': 'a', 'n': " + Served.MAX_COMPLETIONS + ", 'max_tokens': 1}";
    int status = 429;
    for (int i = 0; i < 1000 && status == 429; i++) {
      status = served.post("/v1/completions", all).statusCode();
      Thread.sleep(status == 429 ? 10 : 0);
    }
    assertThat(status).isEqualTo(200);
  }
}
