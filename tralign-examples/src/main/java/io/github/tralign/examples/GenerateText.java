package io.github.tralign.examples;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.form.Prompt;
import io.github.tralign.data.row.Message;
import io.github.tralign.djl.DjlModel;
import io.github.tralign.djl.chat.CheckpointTemplate;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.generate.PromptEncoder;
import io.github.tralign.djl.generate.TextGeneration;
import io.github.tralign.djl.generate.TextListener;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.generate.AllCompletions;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.Generator;
import io.github.tralign.generate.Sampling;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Generates two samples for a prompt: answers if the model has a chat template, else completions.
 */
public final class GenerateText {

  private GenerateText() {}

  /** Arguments: a checkpoint folder and a text. */
  public static void main(String[] args) {
    Examples.require(args, "generate-text");
    generate(Path.of(args[0]), args[1]).forEach(System.out::println);
  }

  static List<String> generate(Path folder, String text) {
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(folder);
        DjlModel model = DjlModel.load(folder)) {
      PromptEncoder encoder = new PromptEncoder(tokenizer, CheckpointTemplate.load(folder));
      Prompt prompt =
          encoder.hasTemplate()
              ? Prompt.chat(List.of(Message.of("user", text)), Map.of(), "the prompt")
              : Prompt.text(text, "the prompt");
      ImmutableIntArray tokens = encoder.encode(prompt);
      GenerationConfig config = GenerationConfig.read(folder).withEndOf(tokenizer);
      Sampling sampling = config.forPrompt(tokens.length()).temperature(0.8).maxNewTokens(64);
      var request = new GenerationRequest(tokens, 2, sampling, 42, 0); // 2 samples, random seed 42
      String[] completions = new String[request.samples()];
      long cache = AllCompletions.cacheTokens(List.of(request), model.maxLength());
      try (DecodingSession session = model.decode(cache);
          Generator generator = new Generator(session)) {
        TextListener listener = (sample, completion) -> completions[sample] = completion.text();
        generator.add(
            request, new TextGeneration(request, tokenizer, config.stopStrings(), listener));
        while (generator.step()) {} // each step gives one token of each sample
      }
      return List.of(completions);
    }
  }
}
