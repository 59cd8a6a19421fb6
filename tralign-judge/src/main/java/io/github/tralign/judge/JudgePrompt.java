package io.github.tralign.judge;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.io.Resources;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.Message;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prompt for a judge, with placeholders such as {@code {instruction}}. A message begins with
 * {@code <|im_start|>} and its role and ends with {@code <|im_end|>}, as in AlpacaEval's files;
 * blank characters around its text are removed.
 */
public final class JudgePrompt {

  private static final Pattern MESSAGE =
      Pattern.compile(
          "<\\|im_start\\|>(system|user|assistant)[ \\t]*\\R(.*?)<\\|im_end\\|>\\s*",
          Pattern.DOTALL);
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_0-9]+)}");

  private final String text;
  private final ImmutableList<Message> messages;

  private JudgePrompt(String text, String origin) {
    this.text = text;
    ImmutableList.Builder<Message> read = ImmutableList.builder();
    Matcher matcher = MESSAGE.matcher(text.strip());
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      read.add(Message.of(matcher.group(1), matcher.group(2)));
      end = matcher.end();
    }
    if (end == 0 || end < text.strip().length()) {
      throw new InvalidInputException(
          origin
              + ": is not a prompt; expected messages of the form <|im_start|>user, a new line, the"
              + " text, and <|im_end|>; roles are system, user and assistant");
    }
    messages = read.build();
  }

  /**
   * Reads a prompt.
   *
   * @throws InvalidInputException if the file cannot be read or is not a prompt
   */
  public static JudgePrompt read(Path file) {
    requireNonNull(file, "file");
    try {
      return new JudgePrompt(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** A prompt that comes with this module, such as {@code side-by-side}. */
  public static JudgePrompt named(String name) {
    String resource = "prompts/" + name + ".txt";
    try {
      return new JudgePrompt(
          Resources.toString(
              Resources.getResource(JudgePrompt.class, resource), StandardCharsets.UTF_8),
          resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes sure that all placeholders occur.
   *
   * @param origin the prompt in messages
   * @throws InvalidInputException if not
   */
  public JudgePrompt require(List<String> placeholders, String origin) {
    for (String each : placeholders) {
      if (!text.contains("{" + each + "}")) {
        throw new InvalidInputException(
            origin
                + ": the placeholder {"
                + each
                + "} is missing; required: {"
                + String.join("}, {", placeholders)
                + "}");
      }
    }
    return this;
  }

  /** The messages with the values in place of the placeholders, each a single pass. */
  public ImmutableList<Message> filled(Map<String, String> values) {
    return messages.stream()
        .map(it -> Message.of(it.role(), filled(it.content(), values).strip()))
        .collect(ImmutableList.toImmutableList());
  }

  private static String filled(String template, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(
            match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), match.group())));
  }

  /** The SHA-256 of the prompt, in hex. */
  public String sha256() {
    return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
  }

  /** The prompt as it is in its file. */
  public String text() {
    return text;
  }
}
