package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.Message;
import io.github.tralign.djl.DjlModel;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.generate.PromptEncoder;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.generate.DecodingSession;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./tralign chat}: a conversation with a model, or with two side by side. */
@Command(
    name = "chat",
    description = "Talks with a model, or with two models side by side.",
    customSynopsis = "${ROOT-COMMAND-NAME} chat --policy DIR [--against DIR] [OPTION...]",
    sortOptions = false,
    footer = {
      "",
      "/reset begins a new conversation, /help shows the commands, Ctrl-C stops an answer, Ctrl-D"
          + " leaves.",
      "",
      "Example: ${ROOT-COMMAND-NAME} chat --policy run/model --against SmolLM2-135M-Instruct"
    })
final class ChatCommand implements Callable<Integer> {

  private static final int CACHE_TOKENS = 8192;
  private static final int MAX_NEW_TOKENS = 1024; // where neither folder nor option limits them

  private final Console console;

  @Mixin(name = "Model")
  private ScoredModelOptions model = new ScoredModelOptions();

  @Mixin(name = "Conversation")
  private ConversationOptions conversation = new ConversationOptions();

  @Mixin(name = "Decoding")
  private SamplingOptions sampling = new SamplingOptions();

  @Mixin(name = "General")
  private GenerationOptions general = new GenerationOptions();

  ChatCommand(Console console) {
    this.console = console;
  }

  /** With whom, and how it begins. */
  static final class ConversationOptions {
    @Option(
        names = "--against",
        paramLabel = "DIR",
        converter = HubPath.OfModel.class,
        description = {
          "A second model, whose answers are shown beside those of the first. Default: none."
        })
    private @Nullable Path against;

    @Option(
        names = "--system",
        paramLabel = "TEXT",
        description = "System message that conversations begin with. Default: none.")
    private @Nullable String system;

    @Mixin private TemplateOptions template = new TemplateOptions();
  }

  @Override
  public Integer call() {
    Refusal.requireAll(ImmutableMap.of("--policy DIR", model.isGiven()));
    general.check();
    model.check();
    Path against = conversation.against;
    if (against != null) {
      CheckpointFolder.open(against).close();
    }
    Deque<AutoCloseable> open = new ArrayDeque<>();
    try (Progress progress = Progress.on(console.err(), general.quiet())) {
      List<ChatModel> models = new ArrayList<>();
      String name = model.name();
      models.add(load(model.folder(), name, false, open, progress));
      if (against != null) {
        String other = ScoredModelOptions.name(against);
        String distinct = other.equals(name) ? against.toString() : other;
        models.add(load(against, distinct, true, open, progress));
      }
      talk(models);
    } finally {
      open.forEach(ChatCommand::close);
    }
    return 0;
  }

  private void talk(List<ChatModel> models) {
    ChatLoop loop = new ChatLoop(System.in, console.out(), models, Terminal::columns);
    if (!general.quiet()) {
      console.err().println("Ctrl-D leaves; /help shows more");
    }
    try (Interrupts interrupts = Interrupts.handledBy(loop::interrupt)) {
      loop.run();
    }
  }

  /** Loads a model; what is to be closed is pushed onto {@code open}. */
  private ChatModel load(
      Path folder, String name, boolean other, Deque<AutoCloseable> open, Progress progress) {
    CheckpointTokenizer tokenizer = CheckpointTokenizer.load(folder);
    open.push(tokenizer);
    PromptEncoder encoder = new PromptEncoder(tokenizer, conversation.template.template(folder));
    if (!encoder.hasTemplate()) {
      throw new InvalidInputException(
          folder + ": the model has no chat template; give one with --chat-template");
    }
    GenerationConfig config = sampling.applyTo(GenerationConfig.read(folder)).withEndOf(tokenizer);
    if (config.maxNewTokens().isEmpty() && config.maxLength().isEmpty()) {
      config = config.maxNewTokens(MAX_NEW_TOKENS);
    }
    config.warnings().forEach(progress::warn);
    if (!general.quiet()) {
      console.err().println(name + ":");
      GenerationLines.of(config, tokenizer, sampling.seed())
          .forEach(line -> console.err().println("  " + line));
    }
    progress.begin("loading " + folder, 0);
    DjlModel loaded = other ? model.loadModel(folder, progress) : model.loadModel(progress);
    open.push(loaded);
    progress.end();
    DecodingSession session =
        loaded.decode(general.cacheTokensOr(Math.min(CACHE_TOKENS, loaded.maxLength())));
    open.push(session);
    List<Message> system =
        conversation.system == null
            ? List.of()
            : List.of(Message.of("system", conversation.system));
    return new ChatModel(name, session, tokenizer, encoder, config, sampling.seed(), system);
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      throw new IllegalStateException("a model cannot be closed", e);
    }
  }
}
