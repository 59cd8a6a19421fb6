package io.github.tralign.data.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A list of JSON objects, or objects one after another, over any number of lines. A syntax error
 * ends reading, since the beginning of the next object cannot be found.
 */
final class JsonValues implements RecordFormat {

  @Override
  public ImmutableList<String> suffixes() {
    return ImmutableList.of(".json");
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
      return new Reader(file, text, Json.MAPPER.createParser(text));
    } catch (IOException e) {
      file.close();
      throw file.unreadable(path.toString(), e);
    }
  }

  private static final class Reader implements RecordReader {

    private final SourceFile file;
    private final Utf8Reader text;
    private final JsonParser parser;
    private boolean begun;
    private boolean inList;
    private long records;

    Reader(SourceFile file, Utf8Reader text, JsonParser parser) {
      this.file = file;
      this.text = text;
      this.parser = parser;
    }

    @Override
    public @Nullable DataRecord next() throws InvalidRecordException {
      try {
        JsonToken token = parser.nextToken();
        if (!begun) {
          begun = true;
          inList = token == JsonToken.START_ARRAY;
          token = inList ? parser.nextToken() : token;
        }
        if (inList && token == JsonToken.END_ARRAY) {
          requireEnd();
          return null;
        }
        return token == null ? null : record();
      } catch (JsonProcessingException e) {
        file.requireUtf8(text);
        String what = Json.endsEarly(e) ? "the file ends inside a value" : Json.explain(e);
        throw new InvalidInputException(
            origin() + ": not valid JSON: " + what); // without e, which quotes
      } catch (IOException e) {
        throw file.unreadable(origin(), e);
      }
    }

    private DataRecord record() throws IOException, InvalidRecordException {
      records++;
      String origin = origin() + " (record " + records + ")"; // several records may be on one line
      JsonNode value = Json.MAPPER.readTree(parser);
      file.requireUtf8(text, parser.currentLocation().getCharOffset(), " (record " + records + ")");
      if (value instanceof ObjectNode fields) {
        return new DataRecord(fields, origin);
      }
      throw new InvalidRecordException(
          InvalidRecordException.Kind.SYNTAX,
          origin,
          "expected JSON objects, found " + Json.nameOf(value));
    }

    private void requireEnd() throws IOException {
      inList = false;
      if (parser.nextToken() != null) {
        throw new InvalidInputException(
            origin() + ": not valid JSON: there is text after the end of the list");
      }
    }

    private String origin() {
      return file.path() + ":" + parser.currentTokenLocation().getLineNr();
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
