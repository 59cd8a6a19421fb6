package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.DjlModel;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.generate.PromptEncoder;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.file.Reason;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.serve.ModelServer;
import io.github.tralign.serve.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./tralign serve}: a model for programs that speak OpenAI's protocol. */
@Command(
    name = "serve",
    description = "Serves a model by OpenAI's protocol, for programs on this machine.",
    customSynopsis = "${ROOT-COMMAND-NAME} serve --policy DIR [--port N] [OPTION...]",
    sortOptions = false,
    footer = {
      "",
      "Answers /v1/chat/completions, /v1/completions and /v1/models. If the environment variable"
          + " TRALIGN_API_KEY is set, clients must send it; another --host than this machine requires"
          + " it. docs/generation.md lists what is supported.",
      "",
      "Example: ${ROOT-COMMAND-NAME} serve --policy run/model --port 8080"
    })
final class ServeCommand implements Callable<Integer> {

  private static final String KEY = "TRALIGN_API_KEY";

  private final Console console;

  @Mixin(name = "Model")
  private ScoredModelOptions model = new ScoredModelOptions();

  @Mixin(name = "Server")
  private ServerOptions server = new ServerOptions();

  @Mixin(name = "Decoding, where a request says nothing")
  private SamplingOptions sampling = new SamplingOptions();

  @Mixin(name = "General")
  private GenerationOptions general = new GenerationOptions();

  ServeCommand(Console console) {
    this.console = console;
  }

  /** Where it listens, and what it accepts. */
  static final class ServerOptions {
    @Option(
        names = "--host",
        paramLabel = "NAME",
        description = "Address to listen at. Default: ${DEFAULT-VALUE}, for this machine only.")
    private String host = "127.0.0.1";

    @Option(
        names = "--port",
        paramLabel = "N",
        description = "Port to listen at; 0 for one that is free. Default: ${DEFAULT-VALUE}.")
    private int port = 8080;

    @Option(
        names = "--model-name",
        paramLabel = "NAME",
        description = {
          "The model's name for clients. Default: for a run's model/, adapter/ or best/, the run's"
              + " name; else the folder's name."
        })
    private @Nullable String modelName;

    @Option(
        names = "--max-completions",
        paramLabel = "N",
        description = {
          "Completions that may run or wait; more are answered with the status 429. Default:"
              + " ${DEFAULT-VALUE}."
        })
    private int maxCompletions = 256;

    @Option(
        names = "--max-body",
        paramLabel = "BYTES",
        description = "Largest body of a request. Default: ${DEFAULT-VALUE}.")
    private int maxBody = 1 << 20;

    @Mixin private TemplateOptions template = new TemplateOptions();
  }

  @Override
  public Integer call() throws InterruptedException {
    Refusal.requireAll(ImmutableMap.of("--policy DIR", model.isGiven()));
    general.check();
    ServerSettings settings = settings();
    model.check();
    System.setProperty("sun.net.httpserver.nodelay", "true"); // parts of a stream are small
    System.setProperty("sun.net.httpserver.maxReqTime", "60"); // s; a client may never end one
    CountDownLatch stop = new CountDownLatch(1);
    try (Interruption interruption = new Interruption(stop::countDown);
        Progress progress = Progress.on(console.err(), general.quiet());
        CheckpointTokenizer tokenizer = model.loadTokenizer()) {
      PromptEncoder encoder =
          new PromptEncoder(tokenizer, server.template.template(model.folder()));
      GenerationConfig config =
          sampling.applyTo(GenerationConfig.read(model.folder(), 0)).withEndOf(tokenizer);
      config.warnings().forEach(progress::warn);
      if (!general.quiet()) {
        GenerationLines.of(config, tokenizer, sampling.seed()).forEach(console.err()::println);
      }
      progress.begin("loading " + model.folder(), 0);
      try (DjlModel loaded = model.loadModel(progress);
          DecodingSession session = loaded.decode(general.cacheTokens(1));
          ModelServer listening = new ModelServer(settings, session, tokenizer, encoder, config)) {
        progress.end();
        console
            .out()
            .println(
                "serving "
                    + settings.model()
                    + " at http://"
                    + inUrl(settings.host())
                    + ":"
                    + listening.port()
                    + "/v1");
        stop.await();
      } catch (IOException e) {
        throw new Refusal("--port", settings.host() + ":" + settings.port() + ": " + Reason.of(e));
      }
    }
    return 0;
  }

  private ServerSettings settings() {
    require(server.port >= 0 && server.port < 1 << 16, "--port", "in [0, 65535]", server.port);
    require(server.maxCompletions >= 1, "--max-completions", "at least 1", server.maxCompletions);
    require(server.maxBody >= 1, "--max-body", "at least 1", server.maxBody);
    Optional<String> key = Optional.ofNullable(System.getenv(KEY)).filter(it -> !it.isBlank());
    if (key.isEmpty() && !isLoopback(server.host)) {
      throw new Refusal(
          "--host",
          server.host
              + " can be reached from other machines; set the environment variable "
              + KEY
              + ", which clients must then send");
    }
    return new ServerSettings(
        server.host,
        server.port,
        server.modelName == null ? model.name() : server.modelName,
        key,
        server.maxBody,
        server.maxCompletions);
  }

  private static void require(boolean holds, String option, String range, int value) {
    if (!holds) {
      throw new Refusal(option, "must be " + range + ", not " + value);
    }
  }

  /** A host as URLs have it: IPv6 addresses are in brackets. */
  static String inUrl(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new Refusal("--host", host + " is not known; expected an address of this machine");
    }
  }
}
