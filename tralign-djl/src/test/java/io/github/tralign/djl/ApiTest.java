package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.pytorch.engine.PtEngine;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.tralign.NullContract;
import io.github.tralign.PublicTypes;
import io.github.tralign.TR;
import io.github.tralign.UserProgram;
import io.github.tralign.data.form.Prompt;
import io.github.tralign.djl.distributed.JoinSettings;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.generate.PromptEncoder;
import io.github.tralign.djl.generate.TextGeneration;
import io.github.tralign.djl.generate.TextListener;
import io.github.tralign.djl.kernel.PyTorch;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.djl.tokenizer.TextStream;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.Sampling;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public types as a user meets them. */
class ApiTest {

  private static final Path TOKENIZER =
      Path.of("src/test/resources/io/github/tralign/djl/golden/neox");

  /** One of each jar that a user has. */
  private static final List<Class<?>> PUBLISHED =
      List.of(
          DjlPolicy.class,
          TR.class,
          PyTorch.class,
          PtEngine.class,
          HuggingFaceTokenizer.class,
          ImmutableList.class,
          CanIgnoreReturnValue.class,
          JsonNode.class,
          JsonFactory.class,
          JsonProperty.class,
          Nullable.class);

  @Test
  void a_user_may_make_every_warning_an_error(@TempDir Path folder) throws IOException {
    new UserProgram(folder, PUBLISHED).compileWith(PublicTypes.ofModuleOf(DjlPolicy.class));
    assertThat(folder.resolve("All.class")).exists();
  }

  @Test
  void null_is_rejected_at_the_call_by_the_name_of_the_argument()
      throws IOException, ReflectiveOperationException {
    ImmutableIntArray tokens = ImmutableIntArray.of(1);
    GenerationRequest request = GenerationRequest.of(new int[] {1}, Sampling.greedy());
    TextListener listener = (sample, text) -> {};
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(TOKENIZER)) {
      NullContract contract =
          new NullContract()
              .sample(ObjectNode.class, JsonNodeFactory.instance.objectNode())
              .sample(LocalDate.class, LocalDate.EPOCH)
              .sample(Duration.class, Duration.ofMinutes(1))
              .sample(JoinSettings.class, JoinSettings.of("localhost", 29_500, 0, 1))
              .sample(ImmutableIntArray.class, tokens)
              .sample(ImmutableList.class, ImmutableList.of())
              .sample(Sampling.class, Sampling.greedy())
              .sample(GenerationConfig.class, GenerationConfig.read(TOKENIZER))
              .sample(
                  Completion.class,
                  new Completion(tokens, ImmutableDoubleArray.of(-1), Completion.Finish.LENGTH))
              .sample(GenerationRequest.class, request)
              .sample(Prompt.class, Prompt.text("a", "sample"))
              .sample(CheckpointTokenizer.class, tokenizer)
              .sample(PromptEncoder.class, new PromptEncoder(tokenizer, Optional.empty()))
              .sample(TextStream.class, TextStream.after(tokens, tokenizer))
              .sample(
                  TextGeneration.class, new TextGeneration(request, tokenizer, List.of(), listener))
              .sample(DjlPolicyBuilder.class, DjlPolicy.from(Path.of("sample")));
      assertThat(contract.violations(PublicTypes.ofModuleOf(DjlPolicy.class))).isEmpty();
    }
  }
}
