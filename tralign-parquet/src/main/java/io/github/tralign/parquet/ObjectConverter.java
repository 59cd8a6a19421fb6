package io.github.tralign.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;

/**
 * Converts a row, or an object in it. Fields without a value are null; repeated fields are lists.
 */
final class ObjectConverter extends GroupConverter {

  private final GroupType type;
  private final Consumer<JsonNode> to;
  private final Converter[] fields;
  private ObjectNode current = JsonNodeFactory.instance.objectNode();

  ObjectConverter(GroupType type, Consumer<JsonNode> to) {
    this.type = type;
    this.to = to;
    this.fields = type.getFields().stream().map(this::converter).toArray(Converter[]::new);
  }

  private Converter converter(Type field) {
    String name = field.getName();
    return field.isRepetition(Type.Repetition.REPEATED)
        ? ColumnConverters.of(field, value -> ((ArrayNode) current.get(name)).add(value))
        : ColumnConverters.of(field, value -> current.set(name, value));
  }

  ObjectNode current() {
    return current;
  }

  @Override
  public Converter getConverter(int field) {
    return fields[field];
  }

  @Override
  public void start() {
    current = JsonNodeFactory.instance.objectNode();
    for (Type field : type.getFields()) {
      if (field.isRepetition(Type.Repetition.REPEATED)) {
        current.putArray(field.getName());
      } else {
        current.putNull(field.getName());
      }
    }
  }

  @Override
  public void end() {
    to.accept(current);
  }
}
