package io.github.tralign.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;

/** Converts the values of a column to JSON. */
final class ValueConverter extends PrimitiveConverter {

  private final ColumnValue column;
  private final Consumer<JsonNode> to;

  ValueConverter(ColumnValue column, Consumer<JsonNode> to) {
    this.column = column;
    this.to = to;
  }

  @Override
  public void addBinary(Binary value) {
    to.accept(column.ofBytes().apply(value));
  }

  @Override
  public void addBoolean(boolean value) {
    to.accept(BooleanNode.valueOf(value));
  }

  @Override
  public void addDouble(double value) {
    to.accept(DoubleNode.valueOf(value));
  }

  @Override
  public void addFloat(float value) {
    to.accept(DoubleNode.valueOf(value));
  }

  @Override
  public void addInt(int value) {
    to.accept(column.ofWhole().apply(value));
  }

  @Override
  public void addLong(long value) {
    to.accept(column.ofWhole().apply(value));
  }
}
