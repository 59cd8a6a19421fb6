package io.github.tralign.djl.chat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.ChatTemplate;
import io.github.tralign.data.InvalidTemplateException;
import io.github.tralign.data.row.Message;
import io.github.tralign.djl.chat.jinja.JinjaException;
import io.github.tralign.djl.chat.jinja.JinjaTemplate;
import io.github.tralign.djl.huggingface.SpecialTokens;
import io.github.tralign.djl.huggingface.TokenizerClass;
import io.github.tralign.djl.huggingface.TokenizerFiles;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The chat template of a Hugging Face checkpoint folder. It renders exactly the same text as
 * transformers' {@code apply_chat_template}.
 *
 * <p>A template can use the messages, the settings, the tokenizer's special tokens ({@code
 * bos_token}, …), {@code add_generation_prompt}, {@code tools} and {@code documents}. It cannot
 * read the clock, so that a run gives the same results tomorrow: {@code strftime_now} is defined
 * only if a date was set by {@link #on}. Most templates then use a date of their own.
 *
 * <p>Safe for use by several threads.
 */
public final class CheckpointTemplate implements ChatTemplate {

  /** Largest template file, in bytes; those of real models have up to about 30,000. */
  private static final int MAX_BYTES = 2_000_000;

  private static final String DEFAULT = "default";
  private static final String TOOL_USE = "tool_use";
  private static final List<String> REASONING =
      List.of("reasoning_content", "thinking", "reasoning");

  private final Path origin;
  private final ImmutableSortedMap<String, String> sources;
  private final ImmutableMap<String, JinjaTemplate> templates;
  private final ImmutableMap<String, String> specialTokens;
  private final @Nullable LocalDate day;

  private CheckpointTemplate(
      Path origin,
      ImmutableSortedMap<String, String> sources,
      ImmutableMap<String, JinjaTemplate> templates,
      ImmutableMap<String, String> specialTokens,
      @Nullable LocalDate day) {
    this.origin = origin;
    this.sources = sources;
    this.templates = templates;
    this.specialTokens = specialTokens;
    this.day = day;
  }

  /**
   * Loads the template of a folder: {@code chat_template.jinja} and the templates in {@code
   * additional_chat_templates}, else {@code chat_template} in {@code tokenizer_config.json}, a
   * string or a list of named templates. Among several, {@code tool_use} renders conversations with
   * tools, and {@code default} all others.
   *
   * @return empty if the folder has none
   * @throws InvalidInputException if a file cannot be read or is not a valid template
   */
  public static Optional<CheckpointTemplate> load(Path folder) {
    requireNonNull(folder, "folder");
    Path file = folder.resolve("chat_template.jinja");
    if (Files.isRegularFile(file)) {
      Map<String, String> sources = new HashMap<>(additional(folder));
      sources.put(DEFAULT, text(file));
      return Optional.of(of(file, sources, folder));
    }
    Path config = folder.resolve("tokenizer_config.json");
    Map<String, String> sources =
        named(config, TokenizerFiles.of(folder).settings().json().path("chat_template"));
    return sources.isEmpty() ? Optional.empty() : Optional.of(of(config, sources, folder));
  }

  /**
   * Loads a template from a separate file, with the special tokens of a checkpoint folder.
   *
   * @throws InvalidInputException if a file cannot be read or is not a valid template
   */
  public static CheckpointTemplate of(Path file, Path folder) {
    requireNonNull(file, "file");
    requireNonNull(folder, "folder");
    return of(file, Map.of(DEFAULT, text(file)), folder);
  }

  private static CheckpointTemplate of(Path origin, Map<String, String> sources, Path folder) {
    ImmutableMap.Builder<String, JinjaTemplate> templates = ImmutableMap.builder();
    sources.forEach((name, source) -> templates.put(name, parse(origin, source)));
    TokenizerFiles files = TokenizerFiles.of(folder);
    return new CheckpointTemplate(
        origin,
        ImmutableSortedMap.copyOf(sources),
        templates.buildOrThrow(),
        SpecialTokens.of(files, TokenizerClass.of(files)).texts(),
        null);
  }

  /** The same template, in which {@code strftime_now} formats the date {@code today}. */
  public CheckpointTemplate on(LocalDate today) {
    requireNonNull(today, "today");
    return new CheckpointTemplate(origin, sources, templates, specialTokens, today);
  }

  @Override
  public String render(
      List<Message> messages, boolean addGenerationPrompt, Map<String, Object> settings) {
    Map<String, @Nullable Object> variables = new HashMap<>(specialTokens);
    variables.put("tools", null);
    variables.put("documents", null);
    variables.putAll(settings);
    variables.put("messages", messages.stream().map(CheckpointTemplate::variable).toList());
    variables.put("add_generation_prompt", addGenerationPrompt);
    try {
      return template(settings).render(variables, functions());
    } catch (JinjaException e) {
      throw new InvalidTemplateException(
          e.isRaised()
              ? "the chat template rejects the conversation: " + e.getMessage()
              : fault(origin, e));
    }
  }

  @Override
  public Optional<String> fingerprint() {
    String all = List.of(sources, specialTokens, String.valueOf(day)).toString();
    return Optional.of(Hashing.sha256().hashString(all, StandardCharsets.UTF_8).toString());
  }

  private JinjaTemplate template(Map<String, Object> settings) {
    JinjaTemplate forTools = settings.containsKey("tools") ? templates.get(TOOL_USE) : null;
    JinjaTemplate template = forTools == null ? templates.get(DEFAULT) : forTools;
    if (template == null) {
      throw new InvalidTemplateException(
          origin + ": none of the chat templates " + sources.keySet() + " is named 'default'");
    }
    return template;
  }

  private ImmutableMap<String, JinjaTemplate.TextFunction> functions() {
    LocalDate today = day;
    return today == null
        ? ImmutableMap.of()
        : ImmutableMap.of("strftime_now", format -> Strftime.format(today, format));
  }

  /**
   * A message as transformers passes it to templates; reasoning is available under each of its
   * names.
   */
  private static Map<String, Object> variable(Message message) {
    Map<String, Object> variable = new LinkedHashMap<>();
    variable.put("role", message.role());
    variable.put("content", message.content());
    variable.putAll(message.fields());
    REASONING.stream()
        .map(message.fields()::get)
        .filter(Objects::nonNull)
        .findFirst()
        .ifPresent(
            thought -> {
              variable.putIfAbsent("thinking", thought);
              variable.put("reasoning_content", thought);
            });
    return variable;
  }

  private static JinjaTemplate parse(Path origin, String source) {
    try {
      return JinjaTemplate.of(source);
    } catch (JinjaException e) {
      throw new InvalidTemplateException(fault(origin, e));
    }
  }

  private static String fault(Path origin, JinjaException e) {
    return String.format(
        Locale.ROOT, "%s: line %d of the chat template: %s", origin, e.line(), e.getMessage());
  }

  private static Map<String, String> named(Path file, JsonNode json) {
    Map<String, String> named = new HashMap<>();
    if (json.isTextual()) {
      named.put(DEFAULT, json.asText());
    } else if (json.isArray()) {
      for (JsonNode each : json) {
        if (!each.path("name").isTextual() || !each.path("template").isTextual()) {
          throw noTemplates(file);
        }
        named.put(each.path("name").asText(), each.path("template").asText());
      }
    } else if (!json.isMissingNode() && !json.isNull()) {
      throw noTemplates(file);
    }
    return named;
  }

  private static InvalidInputException noTemplates(Path file) {
    return new InvalidInputException(
        file + ": key 'chat_template' must be a string or a list of objects {name, template}");
  }

  private static Map<String, String> additional(Path folder) {
    Path directory = folder.resolve("additional_chat_templates");
    if (!Files.isDirectory(directory)) {
      return Map.of();
    }
    Map<String, String> named = new HashMap<>();
    for (Path file : files(directory)) {
      if (file.toString().endsWith(".jinja")) {
        named.put(MoreFiles.getNameWithoutExtension(file), text(file));
      }
    }
    return named;
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return new ArrayList<>(files.sorted().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(directory + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new InvalidTemplateException(
            file + ": a chat template must have at most " + MAX_BYTES + " bytes");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new InvalidInputException(file + ": the chat template cannot be read: " + e, e);
    }
  }
}
