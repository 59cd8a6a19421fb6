package io.github.tralign.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a model card: metadata in YAML between two lines of dashes, and Markdown below. The
 * last line of a card that this library wrote has a checksum of the rest, so that an edited card
 * can be told from it.
 *
 * @param metadata empty if there is none, or none that can be read
 * @param markdown the text below it, without the line of the checksum
 */
record CardText(ObjectNode metadata, String markdown) {

  private static final int LONGEST = 1 << 20; // bytes of a card that is kept as a section
  private static final String BOM = "\ufeff"; // editors on Windows put it before a text
  private static final Pattern PARTS =
      Pattern.compile("\\A\\s*---[ \\t]*\\R(.*?\\R)?---[ \\t]*(?:\\R|\\z)", Pattern.DOTALL);
  private static final Pattern CHECKSUM =
      Pattern.compile("<!-- Written by tralign\\. Checksum: ([0-9a-f]{64}) -->\\s*\\z");

  private static final YAMLMapper YAML =
      YAMLMapper.builder(YAMLFactory.builder().stringQuotingChecker(new Quoting()).build())
          .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS) // such as no: Norwegian
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .build();

  /** Reads the card of a folder; empty if it has none, or none that is text of a usual length. */
  static Optional<CardText> read(Path folder) {
    Path file = folder.resolve(ModelCard.FILE);
    try {
      return Files.isRegularFile(file) && Files.size(file) <= LONGEST
          ? Optional.of(of(Files.readString(file)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // such as other encodings: the base model can be used without it
    }
  }

  static CardText of(String text) {
    String card = text.startsWith(BOM) ? text.substring(BOM.length()) : text;
    Matcher parts = PARTS.matcher(card);
    boolean found = parts.find();
    String markdown = found ? card.substring(parts.end()) : card;
    String yaml = found && parts.group(1) != null ? parts.group(1) : "";
    return new CardText(object(yaml), CHECKSUM.matcher(markdown).replaceAll("").strip());
  }

  private static ObjectNode object(String yaml) {
    try {
      JsonNode content = YAML.readTree(yaml);
      return content instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  /** Whether a card is as {@link #render} gave it. */
  static boolean isUnchanged(String card) {
    Matcher line = CHECKSUM.matcher(card);
    return line.find() && line.group(1).equals(checksum(card.substring(0, line.start())));
  }

  private static String checksum(String text) {
    return Hashing.sha256().hashString(text.strip(), StandardCharsets.UTF_8).toString();
  }

  /** The whole card. */
  String render() {
    String text = "---\n" + yaml() + "---\n\n" + markdown.strip() + "\n\n";
    return text + "<!-- Written by tralign. Checksum: " + checksum(text) + " -->\n";
  }

  private String yaml() {
    try {
      return YAML.writeValueAsString(metadata).stripTrailing() + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("metadata has no form in YAML", e);
    }
  }

  /** Quotes what YAML of any version could read as a number, a date or another kind of value. */
  private static final class Quoting extends StringQuotingChecker.Default {

    private static final long serialVersionUID = 1;
    private static final Pattern OTHER = Pattern.compile("[-+.\\d].*|=|<<", Pattern.DOTALL);

    @Override
    public boolean needToQuoteValue(String value) {
      return OTHER.matcher(value).matches() || super.needToQuoteValue(value);
    }
  }
}
