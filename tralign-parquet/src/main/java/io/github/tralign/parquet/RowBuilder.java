package io.github.tralign.parquet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/** Opens a file such that its rows are read as JSON, with all columns. */
final class RowBuilder extends org.apache.parquet.hadoop.ParquetReader.Builder<ObjectNode> {

  RowBuilder(InputFile file) {
    super(file, new PlainParquetConfiguration());
  }

  @Override
  protected ReadSupport<ObjectNode> getReadSupport() {
    return new Support();
  }

  private static final class Support extends ReadSupport<ObjectNode> {

    @Override
    public ReadContext init(InitContext context) {
      return new ReadContext(context.getFileSchema());
    }

    @Override
    public RecordMaterializer<ObjectNode> prepareForRead(
        Configuration unused, Map<String, String> file, MessageType schema, ReadContext context) {
      return new Rows(schema);
    }

    @Override
    public RecordMaterializer<ObjectNode> prepareForRead(
        ParquetConfiguration unused,
        Map<String, String> file,
        MessageType schema,
        ReadContext context) {
      return new Rows(schema);
    }
  }

  private static final class Rows extends RecordMaterializer<ObjectNode> {

    private final ObjectConverter row;

    Rows(MessageType schema) {
      row = new ObjectConverter(schema, node -> {});
    }

    @Override
    public ObjectNode getCurrentRecord() {
      return row.current();
    }

    @Override
    public GroupConverter getRootConverter() {
      return row;
    }
  }
}
