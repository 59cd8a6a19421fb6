package io.github.tralign.djl.tokenizer;

import io.github.tralign.data.TokenizationException;
import io.github.tralign.djl.kernel.Offline;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A separate process with a tokenizer. A crash in the tokenizers library ends that process instead
 * of this one, and a call that hangs can be killed. Not safe for use by several threads.
 */
final class TokenizerProcess implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(60);

  /** Far more than any usual tokenizer needs. */
  private static final int MEMORY_GIB = 8;

  /** As Rust and Java say it. */
  private static final Pattern OUT_OF_MEMORY =
      Pattern.compile("memory allocation of \\d+ bytes failed|OutOfMemoryError");

  private static final Path SHELL = Path.of("/bin/sh");

  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "tralign-tokenizer-clock");
            thread.setDaemon(true);
            return thread;
          });

  private final Process process;
  private final int memoryGib;
  private final DataOutputStream out;
  private final DataInputStream in;
  private final ErrorTail errorTail;

  private TokenizerProcess(Process process, int memoryGib) {
    this.process = process;
    this.memoryGib = memoryGib;
    out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
    in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
    errorTail = ErrorTail.of(process);
  }

  /** The process crashed, or was killed because it took too long or too much memory. */
  static final class Died extends Exception {
    private static final long serialVersionUID = 1;

    Died(String message) {
      super(message);
    }
  }

  /**
   * Starts a process with this process's Java and class path.
   *
   * @return empty if that is not possible, for example in an image without {@code bin/java}
   */
  static Optional<TokenizerProcess> start() {
    return start(MEMORY_GIB);
  }

  /**
   * As {@link #start()}.
   *
   * @param memoryGib address space of the process in GiB, where the system can bound it; Java alone
   *     needs 3
   */
  static Optional<TokenizerProcess> start(int memoryGib) {
    Offline.ensure();
    Path home = Path.of(System.getProperty("java.home"), "bin");
    Optional<Path> java =
        Stream.of("java", "java.exe").map(home::resolve).filter(Files::isExecutable).findFirst();
    if (java.isEmpty()) {
      return Optional.empty();
    }
    ProcessBuilder builder = new ProcessBuilder(command(java.get(), memoryGib));
    builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
    builder.environment().put("RUST_BACKTRACE", "0");
    TokenizerProcess started;
    try {
      started = new TokenizerProcess(builder.start(), memoryGib);
    } catch (IOException e) {
      return Optional.empty();
    }
    try {
      if (started.within(START, () -> started.in.readByte()) == TokenizerWorker.DONE) {
        return Optional.of(started);
      }
    } catch (Died e) {
      // It cannot run here, for example in less memory than Java needs.
    }
    started.close();
    return Optional.empty();
  }

  private static List<String> command(Path java, int memoryGib) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SHELL)) {
      String bounded = "ulimit -v " + (memoryGib << 20) + " 2>/dev/null; exec \"$0\" \"$@\"";
      command.addAll(List.of(SHELL.toString(), "-c", bounded));
    }
    command.add(java.toString());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:CompressedClassSpaceSize=64m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+SuppressFatalErrorMessage",
            "-Xss4m",
            "-Xshare:auto"));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    System.getProperties().stringPropertyNames().stream()
        .filter(
            it ->
                it.startsWith("ai.djl.")
                    || it.endsWith("_CACHE_DIR")
                    || List.of("OPT_OUT_TRACKING", "java.io.tmpdir", "user.home").contains(it))
        .sorted()
        .forEach(it -> command.add("-D" + it + "=" + System.getProperty(it)));
    String paths =
        Stream.of("java.class.path", "jdk.module.path")
            .map(it -> System.getProperty(it, ""))
            .filter(it -> !it.isEmpty())
            .collect(Collectors.joining(File.pathSeparator));
    command.addAll(List.of("-cp", paths, TokenizerWorker.class.getName()));
    return command;
  }

  /**
   * Loads a tokenizer, replacing the previous one.
   *
   * @throws RuntimeException if the library rejects it
   */
  void load(String json, Duration limit) throws Died {
    String refusal =
        within(
            limit,
            () -> {
              out.writeByte(TokenizerWorker.LOAD);
              TokenizerWorker.writeText(json, out);
              out.flush();
              return in.readByte() == TokenizerWorker.DONE ? "" : TokenizerWorker.readText(in);
            });
    if (!refusal.isEmpty()) {
      throw new RuntimeException(refusal);
    }
  }

  /** Encodes texts: the token ids of each, or the library's error. */
  List<Outcome> encode(List<String> texts, boolean addSpecialTokens, Duration limit) throws Died {
    return within(
        limit,
        () -> {
          out.writeByte(TokenizerWorker.ENCODE);
          out.writeBoolean(addSpecialTokens);
          out.writeInt(texts.size());
          for (String text : texts) {
            TokenizerWorker.writeText(text, out);
          }
          out.flush();
          List<Outcome> outcomes = new ArrayList<>(texts.size());
          for (String text : texts) {
            outcomes.add(
                in.readByte() == TokenizerWorker.DONE
                    ? new Outcome(text, TokenizerWorker.readIds(in), "")
                    : new Outcome(text, new int[0], TokenizerWorker.readText(in)));
          }
          return outcomes;
        });
  }

  /** The text of tokens. */
  String decode(int[] tokens, Duration limit) throws Died {
    return within(
        limit,
        () -> {
          out.writeByte(TokenizerWorker.DECODE);
          TokenizerWorker.writeIds(tokens, out);
          out.flush();
          boolean done = in.readByte() == TokenizerWorker.DONE;
          String text = TokenizerWorker.readText(in);
          if (!done) {
            throw new IllegalStateException("the tokenizer cannot decode tokens: " + text);
          }
          return text;
        });
  }

  /** The token ids of a text, or the error. */
  record Outcome(String text, int[] ids, String error) {
    int[] orThrow() {
      if (!error.isEmpty()) {
        throw new TokenizationException(text, error, null);
      }
      return ids;
    }
  }

  private interface Exchange<T> {
    T run() throws IOException;
  }

  private <T> T within(Duration limit, Exchange<T> exchange) throws Died {
    ScheduledFuture<?> end =
        CLOCK.schedule(process::destroyForcibly, limit.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return exchange.run();
    } catch (IOException e) {
      throw new Died(
          end.isDone() ? "it takes longer than " + limit.toSeconds() + " seconds" : cause());
    } finally {
      end.cancel(false);
    }
  }

  private String cause() {
    String error = errorTail.get();
    return OUT_OF_MEMORY.matcher(error).find()
        ? "it takes more memory than " + memoryGib + " GiB"
        : "the tokenizers library crashed: " + error;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
