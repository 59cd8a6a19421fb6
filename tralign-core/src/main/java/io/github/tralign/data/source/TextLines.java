package io.github.tralign.data.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The lines of a UTF-8 text as records with one field. Blank lines are skipped. */
final class TextLines implements RecordReader {

  private final SourceFile file;
  private final LineReader lines;
  private final String field;

  TextLines(SourceFile file, String field) {
    this.file = file;
    this.lines = new LineReader(file);
    this.field = field;
  }

  @Override
  public @Nullable DataRecord next() throws InvalidRecordException {
    String line = lines.next();
    while (line != null && line.isBlank()) {
      line = lines.next();
    }
    if (line == null) {
      return null;
    }
    String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    ObjectNode fields = Json.MAPPER.createObjectNode().put(field, text);
    return new DataRecord(fields, lines.origin());
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
