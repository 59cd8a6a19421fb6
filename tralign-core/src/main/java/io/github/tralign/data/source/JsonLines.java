package io.github.tralign.data.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object per line, in strict UTF-8. A byte order mark, Windows line ends and blank lines
 * are ignored.
 */
final class JsonLines implements RecordFormat {

  @Override
  public ImmutableList<String> suffixes() {
    return ImmutableList.of(".jsonl", ".ndjson");
  }

  @Override
  public boolean compressible() {
    return true;
  }

  @Override
  public RecordReader open(Path path) {
    return of(new SourceFile(path));
  }

  static RecordReader of(SourceFile file) {
    return new Reader(file);
  }

  private static final class Reader implements RecordReader {

    private final SourceFile file;
    private final LineReader lines;

    Reader(SourceFile file) {
      this.file = file;
      this.lines = new LineReader(file);
    }

    @Override
    public @Nullable DataRecord next() throws InvalidRecordException {
      String line = lines.next();
      while (line != null && line.isBlank()) {
        line = lines.next();
      }
      return line == null ? null : new DataRecord(parse(line), lines.origin());
    }

    private ObjectNode parse(String line) throws InvalidRecordException {
      try (JsonParser parser = Json.MAPPER.createParser(line)) {
        JsonNode value = Json.MAPPER.readTree(parser);
        if (parser.nextToken() != null) {
          throw invalid(
              "not valid JSON: more than one value on the line, at column "
                  + parser.currentTokenLocation().getColumnNr());
        }
        if (value instanceof ObjectNode fields) {
          return fields;
        }
        throw invalid("expected a JSON object on each line, found " + Json.nameOf(value));
      } catch (JsonProcessingException e) {
        String what =
            Json.endsEarly(e)
                ? "the line ends inside a value (each row must be on one line)"
                : Json.explain(e);
        String column =
            e.getLocation() == null ? "" : ", at column " + e.getLocation().getColumnNr();
        throw invalid("not valid JSON: " + what + column);
      } catch (IOException e) {
        throw new UncheckedIOException("a string cannot fail to be read", e);
      }
    }

    private InvalidRecordException invalid(String detail) {
      return new InvalidRecordException(InvalidRecordException.Kind.SYNTAX, lines.origin(), detail);
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
