package io.github.tralign.cli;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The pages of the documentation, and the blocks of code in them. */
final class Pages {

  static final Path ROOT = Path.of("..");
  static final Path DOCS = ROOT.resolve("docs");

  private static final String FENCE = "```";

  private Pages() {}

  /**
   * A block of code.
   *
   * @param line of the page, from 1, where its text begins
   * @param language empty if the page names none
   * @param note what a comment right above the block says, such as {@code not checked: …}; else
   *     empty
   */
  record Block(Path page, int line, String language, String note, List<String> lines) {

    /** Where the n-th line of the block is, to be shown. */
    String place(int n) {
      return ROOT.relativize(page) + ":" + (line + n);
    }
  }

  /** All pages: those of {@code docs}, and those that GitHub shows beside the code. */
  static List<Path> all() {
    try (Stream<Path> pages = Files.walk(DOCS)) {
      return Stream.concat(
              Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md").map(ROOT::resolve),
              pages.filter(it -> it.toString().endsWith(".md")).sorted())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> lines(Path page) {
    try {
      return Files.readAllLines(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The blocks between fences, and those that are indented by four spaces. */
  static List<Block> blocks(Path page) {
    List<String> lines = lines(page);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int from = i + 1;
      if (line.startsWith(FENCE)) {
        int to = from;
        while (!lines.get(to).startsWith(FENCE)) {
          to++;
        }
        blocks.add(block(page, lines, from, to, line.substring(FENCE.length()).strip(), i));
        i = to;
      } else if (line.startsWith("    ") && i > 0 && lines.get(i - 1).isBlank()) {
        int to = from;
        while (to < lines.size() && lines.get(to).startsWith("    ")) {
          to++;
        }
        blocks.add(block(page, lines, i, to, "", i));
        i = to;
      }
    }
    return blocks;
  }

  private static Block block(
      Path page, List<String> lines, int from, int to, String language, int fence) {
    return new Block(
        page,
        from + 1,
        language,
        note(lines, fence),
        ImmutableList.copyOf(lines.subList(from, to)));
  }

  /** The comment that ends right above a line. */
  private static String note(List<String> lines, int below) {
    int last = below - 1;
    if (last < 0 || !lines.get(last).endsWith("-->")) {
      return "";
    }
    int first = last;
    while (!lines.get(first).startsWith("<!--")) {
      first--;
    }
    String comment = String.join("\n", lines.subList(first, last + 1));
    return comment.substring("<!--".length(), comment.length() - "-->".length()).strip();
  }

  /** The texts in backticks outside of blocks. */
  static List<String> inlineCode(Path page) {
    List<String> codes = new ArrayList<>();
    boolean inBlock = false;
    StringBuilder paragraph = new StringBuilder();
    for (String line : lines(page)) {
      inBlock ^= line.startsWith(FENCE);
      boolean isText = !inBlock && !line.startsWith(FENCE) && !line.startsWith("    ");
      paragraph.append(isText ? line : "").append(line.isBlank() ? "\n\n" : " ");
    }
    for (String part : Splitter.on("\n\n").split(paragraph)) {
      List<String> parts = Splitter.on('`').splitToList(part);
      for (int i = 1; i < parts.size(); i += 2) {
        codes.add(parts.get(i).strip());
      }
    }
    return codes;
  }
}
