package io.github.tralign.cli;

import io.github.tralign.judge.client.ApiKey;
import io.github.tralign.judge.client.ChatSettings;
import io.github.tralign.judge.client.JudgeServer;
import io.github.tralign.judge.client.ReplyForm;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The server of a judge, and how it is asked. */
final class JudgeServerOptions {

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = {
        "Address of a server by OpenAI's protocol, without /chat/completions, such as"
            + " http://127.0.0.1:8080/v1. Required."
      })
  private @Nullable String url;

  @Option(
      names = "--judge",
      paramLabel = "NAME",
      description = "Name of the judge's model for the server. Required.")
  private @Nullable String judge;

  @Option(
      names = "--key-variable",
      paramLabel = "NAME",
      description = {
        "Environment variable with the key of the server, if it needs one. Default:"
            + " ${DEFAULT-VALUE}."
      })
  private String keyVariable = "TRALIGN_JUDGE_KEY";

  @Option(
      names = "--temperature",
      paramLabel = "X",
      description = {
        "Temperature, or 'none' to leave it to the server. Default: 0; 1 for alpaca-eval."
      })
  private @Nullable String temperature;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = {
        "Maximum number of tokens of a reply. Default: 1,024 for side-by-side, 256 for scores, 1 for"
            + " alpaca-eval, 4,096 for arena-hard, 16,000 for arena-hard-v2."
      })
  private @Nullable Integer maxTokens;

  @Option(
      names = "--max-completion-tokens",
      description = "Sends the limit as max_completion_tokens, which newer models require.")
  private boolean newTokenLimit;

  @Option(
      names = "--reply-form",
      paramLabel = "NAME",
      description = {
        "How scores are asked for: schema (a JSON schema), object (a JSON object) or text, for"
            + " servers that know neither. Default: ${DEFAULT-VALUE}."
      })
  private ReplyForm form = ReplyForm.SCHEMA;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Requests at a time. Default: ${DEFAULT-VALUE}.")
  private int parallel = 8;

  @Option(
      names = "--retries",
      paramLabel = "N",
      description = {
        "How often a request is repeated that was not answered. Default: ${DEFAULT-VALUE}."
      })
  private int retries = 8;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long an answer may take. Default: ${DEFAULT-VALUE}.")
  private double timeout = 600;

  boolean hasUrl() {
    return url != null;
  }

  boolean hasJudge() {
    return judge != null;
  }

  String judge() {
    return judge == null ? "judge" : judge;
  }

  int parallel() {
    if (parallel < 1) {
      throw new Refusal("--parallel", "must be at least 1, not " + parallel);
    }
    return parallel;
  }

  JudgeServer server() {
    if (!(timeout > 0 && timeout <= 86_400)) {
      throw new Refusal("--timeout", "must be in (0, 86400] seconds, not " + timeout);
    }
    return new JudgeServer(
        JudgeServer.address(Refusal.given(url)),
        ApiKey.fromEnvironment(keyVariable),
        Duration.ofMillis(Math.max(1, Math.round(1000 * timeout))),
        retries);
  }

  ChatSettings settings(JudgeMethod method) {
    return new ChatSettings(
        judge(),
        temperature(method),
        maxTokens == null ? method.maxTokens() : maxTokens,
        newTokenLimit,
        form);
  }

  private OptionalDouble temperature(JudgeMethod method) {
    String given = Optional.ofNullable(temperature).orElse(String.valueOf(method.temperature()));
    if (given.equals("none")) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(Double.parseDouble(given));
    } catch (NumberFormatException e) {
      throw new Refusal("--temperature", "must be a number or 'none', not " + given);
    }
  }
}
