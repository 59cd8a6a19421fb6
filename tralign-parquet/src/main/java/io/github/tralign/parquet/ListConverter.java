package io.github.tralign.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;

/**
 * Converts a list: a group with one repeated field, which is a group around the element or, in old
 * files, the element itself. The rules that distinguish them are those of the format's
 * specification.
 */
final class ListConverter extends GroupConverter {

  private final Consumer<JsonNode> to;
  private final Converter repeated;
  private ArrayNode current = JsonNodeFactory.instance.arrayNode();

  ListConverter(GroupType list, Consumer<JsonNode> to) {
    this.to = to;
    Type field = list.getType(0);
    this.repeated =
        isElement(field, list.getName())
            ? ColumnConverters.of(field, value -> current.add(value))
            : new Wrapper(field.asGroupType().getType(0));
  }

  private static boolean isElement(Type repeated, String list) {
    return repeated.isPrimitive()
        || repeated.asGroupType().getFieldCount() != 1
        || repeated.asGroupType().getType(0).isRepetition(Type.Repetition.REPEATED)
        || repeated.getName().equals("array")
        || repeated.getName().equals(list + "_tuple");
  }

  @Override
  public Converter getConverter(int field) {
    return repeated;
  }

  @Override
  public void start() {
    current = JsonNodeFactory.instance.arrayNode();
  }

  @Override
  public void end() {
    to.accept(current);
  }

  private final class Wrapper extends GroupConverter {

    private final Converter element;
    private JsonNode value = NullNode.getInstance();

    Wrapper(Type element) {
      this.element = ColumnConverters.of(element, node -> value = node);
    }

    @Override
    public Converter getConverter(int field) {
      return element;
    }

    @Override
    public void start() {
      value = NullNode.getInstance();
    }

    @Override
    public void end() {
      current.add(value);
    }
  }
}
