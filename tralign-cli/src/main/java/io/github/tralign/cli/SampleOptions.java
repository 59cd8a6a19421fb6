package io.github.tralign.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.form.Prompt;
import io.github.tralign.djl.DjlPolicyBuilder;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.generate.PromptEncoder;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.generate.Sampling;
import io.github.tralign.train.SampleSettings;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Prompts that are completed during a run. */
final class SampleOptions {

  static final String PROMPTS = "--sample-prompts";
  static final String EVERY = "--sample-every";
  private static final String KL = "--sample-kl";

  @Option(
      names = PROMPTS,
      paramLabel = "FILE",
      converter = HubPath.OfData.class,
      description = {
        "Prompts to complete before the first step, during the run and at its end, in the forms that"
            + " generate reads. samples.jsonl has the completions, and the report shows them."
            + " Default: none."
      })
  private @Nullable Path prompts;

  @Option(
      names = EVERY,
      paramLabel = "N",
      description = "Steps between two completions of the prompts. Default: only at start and end.")
  private @Nullable Long every;

  @Option(
      names = KL,
      paramLabel = "BOOL",
      arity = "1",
      description = {
        "Whether kl/initial is estimated on these completions, which loads the initial policy each"
            + " time. Default: true."
      })
  private @Nullable Boolean divergence;

  /** Refuses what has no effect. */
  void check() {
    if (prompts == null && (every != null || divergence != null)) {
      throw new Refusal(every != null ? EVERY : KL, "has no effect without " + PROMPTS);
    }
    if (prompts != null && prompts.toString().equals("-")) {
      throw new Refusal(PROMPTS, "must be a file; the standard input cannot be read again");
    }
    if (every != null && every < 1) {
      throw new Refusal(EVERY, "must be at least 1, not " + every);
    }
  }

  /** The prompts, read and tokenized; empty if none are given. */
  Optional<SampledPrompts> read(
      CheckpointTokenizer tokenizer, DataOptions data, ModelOptions model, long seed) {
    Path file = prompts;
    if (file == null) {
      return Optional.empty();
    }
    PromptEncoder encoder = new PromptEncoder(tokenizer, data.template(model.folder()));
    int maxLength = model.maxLength();
    List<ImmutableIntArray> tokens = new ArrayList<>();
    ImmutableList.Builder<String> shown = ImmutableList.builder();
    for (PromptRow row : PromptFile.read(file, InputStream.nullInputStream(), Prompt::of)) {
      ImmutableIntArray prompt = encoder.encode(row.prompt());
      if (prompt.length() >= maxLength) {
        throw new InvalidInputException(
            String.format(
                Locale.ROOT,
                "%s: the prompt has %d tokens; the model takes %d, with the completion",
                row.prompt().origin(),
                prompt.length(),
                maxLength));
      }
      tokens.add(prompt);
      shown.add(row.shown());
    }
    GenerationConfig config = GenerationConfig.read(model.folder()).withEndOf(tokenizer);
    SampleSettings settings = SampleSettings.of(tokens).seed(seed).every(every == null ? 0 : every);
    Sampling sampling = settings.sampling().endTokens(config.sampling().endTokens());
    settings = settings.sampling(sampling);
    if (!Boolean.FALSE.equals(divergence)) {
      settings = settings.initial(() -> initial(model).loadModel());
    }
    return Optional.of(new SampledPrompts(settings, shown.build()));
  }

  /** Loads the model as it is before the first step; it is not trained. */
  static DjlPolicyBuilder initial(ModelOptions model) {
    DjlPolicyBuilder loading = model.loading(model.folder()).frozen(true);
    model.adapter().ifPresent(loading::mergeAdapter);
    return loading;
  }
}
