import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tjake.jlama.model.AbstractModel;
import com.github.tjake.jlama.model.ModelSupport;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.safetensors.prompt.PromptContext;
import com.github.tjake.jlama.tensor.operations.TensorOperationsProvider;
import com.github.tjake.jlama.util.PhysicalCoreExecutor;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.CacheType;
import de.kherud.llama.args.Sampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * Greedy generation in fp32 by llama.cpp and by Jlama, on the loads {@code one} and {@code chats} of {@code bench_generate.py}, with two
 * threads. Needs Linux on x86-64 and Java 21 or newer. In this folder:
 *
 * <pre>
 * python prepare.py MODEL CHATS OUT
 * mvn -q dependency:copy-dependencies
 * java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp 'target/lib/*' Peers.java PEER OUT LOAD [TIMES]
 * </pre>
 *
 * PEER is {@code llama.cpp}, {@code llama.cpp-SLOTS}, which generates for so many prompts at once, {@code jlama}, or {@code jlama-java},
 * which does without its native library: with it Jlama 0.8.4 wrote other text than all others on a processor with AVX-512. A call with four
 * new tokens, which is not counted, warms up; then the load runs TIMES times, each a line of JSON. What was generated last goes to
 * {@code OUT/PEER-LOAD.jsonl}.
 */
class Peers {
  static final int THREADS = 2;
  static final int NEW_TOKENS = 128;
  static final ObjectMapper JSON = new ObjectMapper();

  /** A text in the model's chat template, with the tokens that transformers makes of it. */
  record Prompt(String text, int[] ids) {}

  record Completion(String text, int tokens) {}

  interface Peer extends AutoCloseable {
    int[] encode(Prompt prompt);

    List<Completion> generate(List<Prompt> prompts, int newTokens) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    String name = args[0];
    Path folder = Path.of(args[1]);
    String load = args[2];
    int times = args.length > 3 ? Integer.parseInt(args[3]) : 1;
    List<Prompt> prompts = prompts(folder.resolve("prompts.jsonl"), load.equals("one") ? 1 : 64);
    try (Peer peer = name.startsWith("jlama") ? new Jlama(folder, name.equals("jlama")) : new LlamaCpp(folder, prompts, slots(name))) {
      long others = prompts.stream().filter(prompt -> !Arrays.equals(prompt.ids, peer.encode(prompt))).count();
      if (others > 0) {
        System.out.println("prompts of other tokens than by transformers: " + others);
      }
      peer.generate(prompts.subList(0, 1), 4);
      for (int i = 0; i < times; i++) {
        long start = System.nanoTime();
        List<Completion> completions = peer.generate(prompts, NEW_TOKENS);
        double seconds = (System.nanoTime() - start) / 1e9;
        int tokens = completions.stream().mapToInt(Completion::tokens).sum();
        System.out.printf(
            Locale.ROOT,
            "{\"peer\": \"%s\", \"load\": \"%s\", \"threads\": %d, \"tokens\": %d, \"seconds\": %.2f, \"tokens_per_second\": %.1f, \"peak_mib\": %d}%n",
            name, load, THREADS, tokens, seconds, tokens / seconds, peakMib());
        List<String> lines = new ArrayList<>();
        for (Completion completion : completions) {
          lines.add(JSON.writeValueAsString(JSON.createObjectNode().put("completion", completion.text).put("tokens", completion.tokens)));
        }
        Files.write(folder.resolve(name + "-" + load + ".jsonl"), lines);
      }
    }
    System.exit(0); // Jlama's threads are no daemons
  }

  static int slots(String name) {
    return name.contains("-") ? Integer.parseInt(name.split("-")[1]) : 1;
  }

  static List<Prompt> prompts(Path file, int number) throws IOException {
    List<Prompt> prompts = new ArrayList<>();
    for (String line : Files.readAllLines(file).subList(0, number)) {
      JsonNode row = JSON.readTree(line);
      prompts.add(new Prompt(row.get("prompt").asText(), JSON.convertValue(row.get("ids"), int[].class)));
    }
    return prompts;
  }

  static long peakMib() throws IOException {
    String line = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmHWM:")).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
  }

  /** llama.cpp's server within the process: slots take prompts as they become free and advance together. */
  static class LlamaCpp implements Peer {
    final LlamaModel model;
    final int slots;

    LlamaCpp(Path folder, List<Prompt> prompts, int slots) {
      int longest = prompts.stream().mapToInt(prompt -> prompt.ids.length).max().orElseThrow();
      this.slots = slots;
      model = new LlamaModel(new ModelParameters()
          .setModel(folder.resolve("model.gguf").toString())
          .setThreads(THREADS)
          .setThreadsBatch(THREADS)
          .setParallel(slots)
          .setCtxSize((longest + NEW_TOKENS + 16) * slots)
          .setCacheTypeK(CacheType.F32)
          .setCacheTypeV(CacheType.F32));
    }

    @Override
    public int[] encode(Prompt prompt) {
      return model.encode(prompt.text);
    }

    @Override
    public List<Completion> generate(List<Prompt> prompts, int newTokens) throws Exception {
      List<Callable<String>> calls = new ArrayList<>();
      for (Prompt prompt : prompts) {
        calls.add(() -> model.complete(new InferenceParameters(prompt.text)
            .setNPredict(newTokens)
            .setSamplers(Sampler.TOP_K)
            .setTopK(1)
            .setCachePrompt(false)));
      }
      List<Completion> completions = new ArrayList<>();
      try (var executor = Executors.newFixedThreadPool(slots)) {
        for (var text : executor.invokeAll(calls)) {
          // the library gives no counts: the text's tokens, and the end token of what ended by itself
          int tokens = model.encode(text.get()).length;
          completions.add(new Completion(text.get(), Math.min(tokens + 1, newTokens)));
        }
      }
      return completions;
    }

    @Override
    public void close() {
      model.close();
    }
  }

  /** Jlama has no batches: one prompt after the other. */
  static class Jlama implements Peer {
    final AbstractModel model;

    Jlama(Path folder, boolean nativeLibrary) throws IOException {
      if (!nativeLibrary) {
        System.setProperty("jlama.force_panama_tensor_operations", "true");
      }
      PhysicalCoreExecutor.overrideThreadCount(THREADS);
      model = ModelSupport.loadModel(folder.resolve("jlama").toFile(), DType.F32, DType.F32);
      System.out.println("Jlama computes with " + TensorOperationsProvider.get().name());
    }

    @Override
    public int[] encode(Prompt prompt) {
      return model.encodePrompt(PromptContext.of(prompt.text));
    }

    @Override
    public List<Completion> generate(List<Prompt> prompts, int newTokens) {
      List<Completion> completions = new ArrayList<>();
      for (Prompt prompt : prompts) {
        // its limit is that of prompt and completion, and it counts the tokens after the first
        int limit = encode(prompt).length + newTokens - 1;
        var response = model.generate(UUID.randomUUID(), PromptContext.of(prompt.text), 0, limit, (text, seconds) -> {});
        completions.add(new Completion(response.responseText, response.generatedTokens + 1));
      }
      return completions;
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
