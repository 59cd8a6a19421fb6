package io.github.tralign.djl.huggingface;

import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a checkpoint, apart from config and weights, that stay the same when a model is
 * trained.
 *
 * <p>They are listed by name, since a folder may also have weights in other formats, which would be
 * outdated, and a model card, which would describe another model.
 */
final class CompanionFiles {
  private static final Set<String> NAMES =
      Set.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "vocab.txt",
          "merges.txt",
          "tokenizer.model",
          "spiece.model",
          "sentencepiece.bpe.model",
          "chat_template.jinja",
          "chat_template.json",
          "generation_config.json");

  private static final Pattern LICENCE =
      Pattern.compile("(licen[cs]e|notice|use_policy)([._-].*)?", Pattern.CASE_INSENSITIVE);

  /** The folder of named chat templates. */
  private static final String TEMPLATES = "additional_chat_templates";

  private CompanionFiles() {}

  /** Whether a file of a checkpoint, with its path in it, is such a file. */
  static boolean has(String path) {
    return NAMES.contains(path)
        || LICENCE.matcher(path).matches()
        || path.matches(TEMPLATES + "/[^/]+\\.jinja");
  }

  /** Copies those of the files that exist in {@code source}, following links. */
  static void copy(Path source, Path target) throws IOException {
    for (Path file : list(source)) {
      String name = file.getFileName().toString();
      if (has(name)) {
        copyFile(file, target.resolve(name));
      }
    }
    if (Files.isDirectory(source.resolve(TEMPLATES))) {
      Path templates = Files.createDirectory(target.resolve(TEMPLATES));
      for (Path file : list(source.resolve(TEMPLATES))) {
        copyFile(file, templates.resolve(file.getFileName()));
      }
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Writes a new file, without the source's permissions, which may be read-only. */
  static void copyFile(Path source, Path target) {
    AtomicFile.write(
        target,
        channel -> {
          try (InputStream in = Files.newInputStream(source)) {
            byte[] part = new byte[1 << 16];
            for (int count = in.read(part); count >= 0; count = in.read(part)) {
              AtomicFile.writeFully(channel, ByteBuffer.wrap(part, 0, count));
            }
          }
        });
  }
}
