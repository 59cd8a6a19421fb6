package io.github.tralign.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes completions in a format, one by one in their order. */
final class AnswerWriter {

  private final AnswerFormat format;
  private final List<PromptRow> prompts;
  private final String model;
  private final OutputStream out;
  private boolean begun;

  AnswerWriter(AnswerFormat format, List<PromptRow> prompts, String model, OutputStream out) {
    this.format = format;
    this.prompts = prompts;
    this.model = model;
    this.out = out;
  }

  /** Writes a row of {@link AnswerFormat#JSONL} in the format. */
  void write(ObjectNode completion) throws IOException {
    ObjectNode prompt = prompts.get(completion.path("index").asInt()).fields();
    String row = format.row(completion, prompt, model).toString();
    print(format.isArray() ? (begun ? ",\n" : "[") + row : row + "\n");
    begun = true;
  }

  /** Ends the file. */
  void end() throws IOException {
    if (format.isArray()) {
      print((begun ? "" : "[") + "]\n");
    }
    out.flush();
  }

  private void print(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
