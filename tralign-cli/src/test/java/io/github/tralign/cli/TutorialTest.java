package io.github.tralign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.hub.LoopbackHub;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of {@code docs/tutorial.md} from the first to the last, as a reader types them, with
 * a tiny model under the name of the real one.
 */
@Tag("nightly")
class TutorialTest {

  private static final Path PAGE = Pages.DOCS.resolve("tutorial.md");
  private static final String MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct";
  private static final String HUB = "HF_ENDPOINT";
  private static final String CACHE = "HF_HUB_CACHE";
  private static final String TEMPLATE =
      "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '\n' }}{% endfor %}"
          + "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}";
  private static final Set<String> WITHOUT_THREADS = Set.of("fetch", "data", "compare");

  @TempDir private Path folder;
  private final InputStream input = System.in;
  private final Set<String> outputs = new HashSet<>();
  private LoopbackHub hub;

  @BeforeEach
  void start() throws IOException {
    hub =
        new LoopbackHub("models/" + MODEL)
            .with("chat_template.jinja", TEMPLATE)
            .withFilesOf(Cli.LLAMA);
    System.setProperty(HUB, hub.address());
    System.setProperty(CACHE, folder.resolve("hub").toString());
  }

  @AfterEach
  void stop() {
    hub.close();
    System.clearProperty(HUB);
    System.clearProperty(CACHE);
    System.setIn(input);
  }

  @Test
  void each_command_does_what_the_page_says() throws Exception {
    List<String> ran = new ArrayList<>();
    for (Pages.Block block : Pages.blocks(PAGE)) {
      for (PageCommands.Command command : PageCommands.in(block)) {
        List<String> words = command.words().subList(1, command.words().size());
        if (words.contains("--output")) {
          outputs.add(words.get(words.indexOf("--output") + 1));
        }
        Object[] here = words.stream().map(this::here).toArray();
        if (words.get(0).equals("serve")) {
          serve(here);
        } else {
          System.setIn(new ByteArrayInputStream("Hello!\n".getBytes(UTF_8)));
          Cli.Outcome outcome =
              Cli.run(WITHOUT_THREADS.contains(words.get(0)) ? here : oneThread(here));
          assertThat(outcome.code()).as(command + "\n" + outcome.err()).isZero();
        }
        ran.add(words.get(0));
      }
    }
    assertThat(ran)
        .contains("fetch", "data", "train", "evaluate", "generate", "compare", "chat", "serve");
    for (String output : outputs) {
      assertThat(folder.resolve(output)).exists();
    }
  }

  /** Files of the repository and results lie elsewhere than for a reader. */
  private Object here(String word) {
    if (word.startsWith("docs/")) {
      return Pages.ROOT.resolve(word);
    }
    boolean isResult =
        outputs.stream().anyMatch(it -> word.equals(it) || word.startsWith(it + "/"));
    return isResult ? folder.resolve(word) : word;
  }

  private static Object[] oneThread(Object... args) {
    return Stream.concat(Stream.of(args), Stream.of("--threads", 1)).toArray();
  }

  private void serve(Object... args) throws Exception {
    Path place = Files.createDirectory(folder.resolve("server"));
    Object[] anyPort = Stream.concat(Stream.of(oneThread(args)), Stream.of("--port", 0)).toArray();
    Process process = Cli.start(place, anyPort);
    try {
      Pattern address = Pattern.compile("serving \\S+ at (http://\\S+)\n");
      Matcher line = address.matcher("");
      while (process.isAlive() && !line.find()) {
        Thread.sleep(10);
        line = address.matcher(Files.readString(place.resolve("stdout")));
      }
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(line.group(1) + "/chat/completions"))
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi!\"}],\"max_tokens\":3}"))
              .build();
      assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body())
          .contains("\"role\":\"assistant\"");
    } finally {
      process.destroy();
      process.waitFor();
    }
  }
}
