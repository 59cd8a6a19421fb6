package io.github.tralign.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.djl.DjlModel;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.chat.CheckpointTemplate;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.generate.PromptEncoder;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.generate.DecodingSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A tiny model that is served, and a client. */
final class Served implements AutoCloseable {

  static final Path MODEL =
      Path.of("../tralign-djl/src/test/resources/io/github/tralign/djl/golden/llama");
  static final int MAX_BODY = 20_000;
  static final int MAX_COMPLETIONS = 32;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TEMPLATE =
      "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
          + "{% if add_generation_prompt %}<assistant>{% endif %}";

  private final HttpClient client = HttpClient.newHttpClient();
  private final CheckpointTokenizer tokenizer = CheckpointTokenizer.load(MODEL);
  private final DjlModel model = DjlPolicy.from(MODEL).threads(1).loadModel();
  private final DecodingSession session = model.decode(2000);
  private final ModelServer server;

  /**
   * Starts the server.
   *
   * @param folder for the template
   */
  Served(Path folder, Optional<String> key) {
    try {
      Path template = Files.writeString(folder.resolve("template.jinja"), TEMPLATE);
      PromptEncoder encoder =
          new PromptEncoder(tokenizer, Optional.of(CheckpointTemplate.of(template, MODEL)));
      server =
          new ModelServer(
              new ServerSettings("127.0.0.1", 0, "tiny", key, MAX_BODY, MAX_COMPLETIONS),
              session,
              tokenizer,
              encoder,
              GenerationConfig.read(MODEL, 0).maxNewTokens(8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.port();
  }

  CheckpointTokenizer tokenizer() {
    return tokenizer;
  }

  DjlModel model() {
    return model;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .header("Content-Type", "application/json");
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    String json = body.replace('\'', '"');
    return send(request(path).POST(HttpRequest.BodyPublishers.ofString(json)).build());
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  static JsonNode json(String text) throws IOException {
    return JSON.readTree(text);
  }

  @Override
  public void close() {
    server.close();
    session.close();
    model.close();
    tokenizer.close();
  }
}
