package io.github.tralign.cli;

import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.generate.AllCompletions;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.Sampling;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of all commands that generate. */
final class GenerationOptions {

  private static final String CACHE_TOKENS = "--cache-tokens";
  private static final long DEFAULT_CACHE_TOKENS = 16_384;

  @Option(
      names = CACHE_TOKENS,
      paramLabel = "N",
      description = {
        "Size of the key-value cache in tokens, shared by all running completions. Default: 16,384,"
            + " or what one prompt with its completion needs."
      })
  private @Nullable Long cacheTokens;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file with any of these options. The command line takes precedence.")
  @SuppressWarnings("unused") // ConfigFile looks for it before options are parsed
  private @Nullable Path config;

  @Option(names = "--quiet", description = "Shows errors only.")
  private boolean quiet;

  /** Refuses what is out of range. */
  void check() {
    if (cacheTokens != null && cacheTokens < 1) {
      throw new Refusal(CACHE_TOKENS, "must be at least 1, not " + cacheTokens);
    }
  }

  boolean quiet() {
    return quiet;
  }

  /** Tokens of the cache, if they are not given these. */
  long cacheTokensOr(long usual) {
    return cacheTokens == null ? usual : cacheTokens;
  }

  /** Tokens of the cache, enough for one sequence of this length. */
  long cacheTokens(long longest) {
    if (cacheTokens != null && cacheTokens < longest) {
      throw new Refusal(
          CACHE_TOKENS,
          cacheTokens + " is less than a prompt with its completion needs, " + longest);
    }
    return cacheTokens == null ? Math.max(DEFAULT_CACHE_TOKENS, longest) : cacheTokens;
  }

  /** Tokens of the cache for some requests, enough for the longest and no more than for all. */
  long cacheTokens(List<GenerationRequest> requests, int maxLength) {
    long longest = 1;
    long all = 1;
    for (GenerationRequest request : requests) {
      long each = AllCompletions.cacheTokens(List.of(request.samples(1)), maxLength);
      longest = Math.max(longest, each);
      all += each * request.samples();
    }
    long given = cacheTokens(longest);
    return cacheTokens == null
        ? AllCompletions.cacheTokens(requests, maxLength)
        : Math.min(given, all);
  }

  /**
   * The settings for a prompt, within what the model takes.
   *
   * @throws InvalidInputException if the prompt leaves no room for a token
   */
  static Sampling settings(GenerationConfig config, int tokens, int maxLength, String origin) {
    if (tokens >= maxLength) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "%s: the prompt has %d tokens; the model takes %d, with the completion",
              origin,
              tokens,
              maxLength));
    }
    try {
      Sampling settings = config.forPrompt(tokens);
      int most = Math.min(settings.maxNewTokens(), maxLength - tokens);
      return settings.minNewTokens(Math.min(settings.minNewTokens(), most)).maxNewTokens(most);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(origin + ": " + e.getMessage(), e);
    }
  }
}
