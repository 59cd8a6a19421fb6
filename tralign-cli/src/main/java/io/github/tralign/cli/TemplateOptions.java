package io.github.tralign.cli;

import io.github.tralign.djl.chat.CheckpointTemplate;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How conversations become text. */
final class TemplateOptions {

  @Option(
      names = "--chat-template",
      paramLabel = "FILE",
      description = "Jinja template that turns conversations into text. Default: the model's own.")
  private @Nullable Path chatTemplate;

  @Option(
      names = "--chat-date",
      paramLabel = "YYYY-MM-DD",
      description = "Date for templates that ask for today's date. Default: none.")
  private @Nullable LocalDate chatDate;

  /**
   * The template.
   *
   * @param model the model's folder, whose chat template counts if none is given
   */
  Optional<CheckpointTemplate> template(Path model) {
    Optional<CheckpointTemplate> template =
        chatTemplate == null
            ? CheckpointTemplate.load(model)
            : Optional.of(CheckpointTemplate.of(chatTemplate, model));
    LocalDate today = chatDate;
    return today == null ? template : template.map(it -> it.on(today));
  }
}
