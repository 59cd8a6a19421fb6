package io.github.tralign.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.schema.GroupType;

/** Converts a map to an object; keys become strings. */
final class MapConverter extends GroupConverter {

  private final Consumer<JsonNode> to;
  private final Entry entry;
  private ObjectNode current = JsonNodeFactory.instance.objectNode();

  MapConverter(GroupType entry, Consumer<JsonNode> to) {
    this.to = to;
    this.entry = new Entry(entry);
  }

  @Override
  public Converter getConverter(int field) {
    return entry;
  }

  @Override
  public void start() {
    current = JsonNodeFactory.instance.objectNode();
  }

  @Override
  public void end() {
    to.accept(current);
  }

  private final class Entry extends GroupConverter {

    private final Converter keys;
    private final Converter values;
    private JsonNode key = NullNode.getInstance();
    private JsonNode value = NullNode.getInstance();

    Entry(GroupType type) {
      keys = ColumnConverters.of(type.getType(0), node -> key = node);
      values = ColumnConverters.of(type.getType(1), node -> value = node);
    }

    @Override
    public Converter getConverter(int field) {
      return field == 0 ? keys : values;
    }

    @Override
    public void start() {
      key = NullNode.getInstance();
      value = NullNode.getInstance();
    }

    @Override
    public void end() {
      current.set(key.isValueNode() ? key.asText() : key.toString(), value);
    }
  }
}
