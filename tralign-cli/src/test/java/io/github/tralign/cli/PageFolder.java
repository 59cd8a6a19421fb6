package io.github.tralign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.jerolba.carpet.CarpetWriter;
import io.github.tralign.djl.RandomCheckpoint;
import io.github.tralign.hub.LoopbackHub;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * A folder with what the pages name: tiny models and small data under the names of real ones, and
 * the files of the repository that commands read.
 */
final class PageFolder {

  /** A model with many layers. */
  static final String DEEP = "deep";

  private static final List<String> MODELS =
      List.of("BASE", "pythia-70m", "smollm2", "SmolLM2-135M-Instruct", "work");
  private static final int LAYERS = 16; // a pattern names the last two of so many
  private static final int PAIRS = 220;

  /** That of SmolLM2, whose text is on a page. */
  private static final String TEMPLATE =
      "{% for m in messages %}{% if loop.first and m.role != 'system' %}"
          + "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, "
          + "trained by Hugging Face<|im_end|>\n{% endif %}"
          + "<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
          + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

  private static final ObjectMapper JSON = new ObjectMapper();

  private PageFolder() {}

  /** A row of data as UltraFeedback has it. */
  record Dialogues(List<Message> chosen, List<Message> rejected) {}

  record Message(String role, String content) {}

  /** Fills an empty folder. */
  static void fill(Path folder) throws IOException {
    for (String name : MODELS) {
      Path model = Cli.copy(Cli.LLAMA, folder.resolve(name));
      Files.writeString(model.resolve("chat_template.jinja"), TEMPLATE);
    }
    ObjectNode config = (ObjectNode) JSON.readTree(Cli.LLAMA.resolve("config.json").toFile());
    config.put("num_hidden_layers", LAYERS);
    RandomCheckpoint.write(folder.resolve(DEEP), config, folder.resolve(MODELS.get(0)), 1);
    for (String files : List.of("tutorial", "experiments/smollm2")) {
      Cli.copy(Pages.DOCS.resolve(files), folder.resolve("docs").resolve(files));
    }
    Files.copy(Cli.ROWS, Files.createDirectory(folder.resolve("golden")).resolve("rows.jsonl"));
    Files.write(folder.resolve("pairs.jsonl"), pairs());
    Files.writeString(folder.resolve("prompts.jsonl"), "{\"prompt\": \"The cat\"}\n");
    Files.writeString(folder.resolve("alpaca_eval.json"), answers("").toString());
    Files.writeString(folder.resolve("others.json"), answers("Yes.").toString());
    for (String packed :
        List.of("instruction-preference-1100.json.gz", "hh-harmless-base-test.jsonl.gz")) {
      try (OutputStream file =
          new GZIPOutputStream(Files.newOutputStream(folder.resolve(packed)))) {
        file.write(String.join("\n", pairs()).getBytes(UTF_8));
      }
    }
  }

  /** A hub with a model or a data set. */
  static LoopbackHub hub(String name, boolean isData) throws IOException {
    if (isData) {
      return new LoopbackHub("datasets/" + name)
          .with("data/train-00000-of-00001.parquet", parquet());
    }
    return new LoopbackHub("models/" + name)
        .with("chat_template.jinja", TEMPLATE)
        .withFilesOf(Cli.LLAMA);
  }

  /** Rows with prompts that differ. */
  private static List<String> pairs() {
    return IntStream.range(0, PAIRS)
        .mapToObj(
            i ->
                "{\"prompt\":\"What is %d?\",\"chosen\":\"A number.\",\"rejected\":\"No.\"}"
                    .formatted(i))
        .toList();
  }

  private static ArrayNode answers(String text) {
    ArrayNode rows = JSON.createArrayNode();
    for (int i = 0; i < 4; i++) {
      rows.addObject().put("instruction", "What is " + i + "?").put("output", text);
    }
    return rows;
  }

  private static byte[] parquet() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CarpetWriter<Dialogues> rows =
        new CarpetWriter.Builder<>(bytes, Dialogues.class)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .build()) {
      Message question = new Message("user", "Hello!");
      rows.write(
          new Dialogues(
              List.of(question, new Message("assistant", "How nice.")),
              List.of(question, new Message("assistant", "Go away."))));
    }
    return bytes.toByteArray();
  }
}
