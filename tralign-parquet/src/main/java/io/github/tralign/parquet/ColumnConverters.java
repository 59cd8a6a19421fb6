package io.github.tralign.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/**
 * Chooses the converter of a column to JSON. Every type of column has one, so none makes a file
 * unreadable.
 */
final class ColumnConverters {

  private ColumnConverters() {}

  /** A converter that passes each value to {@code to}; for a repeated column, each element. */
  static Converter of(Type column, Consumer<JsonNode> to) {
    if (column.isPrimitive()) {
      return new ValueConverter(ColumnValue.of(column.asPrimitiveType()), to);
    }
    GroupType group = column.asGroupType();
    LogicalTypeAnnotation meaning = group.getLogicalTypeAnnotation();
    boolean wrapsRepeated =
        group.getFieldCount() == 1 && group.getType(0).isRepetition(Type.Repetition.REPEATED);
    if (meaning instanceof ListLogicalTypeAnnotation && wrapsRepeated) {
      return new ListConverter(group, to);
    }
    if ((meaning instanceof MapLogicalTypeAnnotation
            || meaning instanceof MapKeyValueTypeAnnotation)
        && wrapsRepeated
        && !group.getType(0).isPrimitive()
        && group.getType(0).asGroupType().getFieldCount() == 2) {
      return new MapConverter(group.getType(0).asGroupType(), to);
    }
    return new ObjectConverter(group, to);
  }
}
