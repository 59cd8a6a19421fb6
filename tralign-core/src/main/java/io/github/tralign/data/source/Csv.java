package io.github.tralign.data.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.text.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values as in RFC 4180: a header row, then one record per row, which may span
 * lines within quotes. An empty cell is a missing value; two quotes are an empty text.
 */
final class Csv implements RecordFormat {

  private static final CsvFactory FACTORY =
      CsvFactory.builder()
          .enable(CsvParser.Feature.EMPTY_UNQUOTED_STRING_AS_NULL)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE) // closed later, after computing the hash
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(TextValues.MAX_CHARS).build())
          .build();

  private static final CharMatcher SEPARATOR = CharMatcher.anyOf(";\t");

  @Override
  public ImmutableList<String> suffixes() {
    return ImmutableList.of(".csv");
  }

  @Override
  public boolean compressible() {
    return true;
  }

  @Override
  public RecordReader open(Path path) {
    SourceFile file = new SourceFile(path);
    try {
      Utf8Reader text = file.text();
      return new Reader(file, text, FACTORY.createParser(text));
    } catch (IOException e) {
      file.close();
      throw file.unreadable(path.toString(), e);
    }
  }

  private static final class Reader implements RecordReader {

    private final SourceFile file;
    private final Utf8Reader text;
    private final CsvParser parser;
    private @Nullable List<@Nullable String> header;
    private String origin;

    Reader(SourceFile file, Utf8Reader text, CsvParser parser) {
      this.file = file;
      this.text = text;
      this.parser = parser;
      this.origin = file.path().toString();
    }

    @Override
    public @Nullable DataRecord next() throws InvalidRecordException {
      List<@Nullable String> names = header == null ? header() : header;
      List<@Nullable String> cells = row();
      if (cells == null) {
        return null;
      }
      if (cells.size() != names.size()) {
        throw new InvalidRecordException(
            InvalidRecordException.Kind.SYNTAX,
            origin,
            Numbers.count(cells.size(), "cell")
                + ", but the file's first line names "
                + Numbers.count(names.size(), "column"));
      }
      ObjectNode fields = Json.MAPPER.createObjectNode();
      for (int i = 0; i < cells.size(); i++) {
        String name = names.get(i);
        fields.put(name == null ? "" : name, cells.get(i)); // pandas leaves its index unnamed
      }
      return new DataRecord(fields, origin, true);
    }

    private List<@Nullable String> header() {
      List<@Nullable String> names;
      try {
        names = row();
      } catch (InvalidRecordException e) {
        throw new InvalidInputException(String.valueOf(e.getMessage()), e);
      }
      if (names == null) {
        throw new InvalidInputException(
            origin + ": is empty; expected a header row with the names of the columns");
      }
      String only = names.size() == 1 ? names.get(0) : null;
      if (only != null && SEPARATOR.matchesAnyOf(only)) { // as European spreadsheets write it
        throw new InvalidInputException(
            origin
                + ": contains "
                + (only.indexOf(';') >= 0 ? "semicolons" : "tabs")
                + " but no comma; save the file with commas between the columns");
      }
      Set<@Nullable String> seen = new HashSet<>();
      for (String name : names) {
        if (name != null && name.indexOf('\0') >= 0) { // UTF-16 without its mark
          throw new InvalidInputException(
              origin + ": a column's name contains the character NUL; save the file as UTF-8 text");
        }
        if (!seen.add(name)) {
          throw new InvalidInputException(origin + ": two columns are named '" + name + "'");
        }
      }
      header = names;
      return names;
    }

    /**
     * The cells of the next line that is not blank. Jackson's option for skipping blank lines would
     * also strip leading white space from other lines.
     */
    private @Nullable List<@Nullable String> row() throws InvalidRecordException {
      try {
        while (parser.nextToken() != null) {
          origin = file.path() + ":" + parser.currentLocation().getLineNr();
          List<@Nullable String> cells = new ArrayList<>();
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (cells.isEmpty()) {
              origin = file.path() + ":" + parser.currentTokenLocation().getLineNr();
            }
            cells.add(parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getText());
          }
          file.requireUtf8(text, parser.currentLocation().getCharOffset(), "");
          if (!isBlank(cells)) {
            return cells;
          }
        }
        return null;
      } catch (JsonProcessingException e) {
        file.requireUtf8(text);
        throw new InvalidInputException( // without e, which quotes
            origin + ": not valid CSV, in the row that begins here: " + Json.explain(e));
      } catch (IOException e) {
        throw file.unreadable(origin, e);
      }
    }

    private boolean isBlank(List<@Nullable String> cells) {
      boolean oneColumn = header != null && header.size() == 1;
      String only = cells.size() == 1 ? cells.get(0) : "a cell among others";
      return only == null || !oneColumn && only.isBlank();
    }

    @Override
    public String sha256() {
      return file.sha256();
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
