package io.github.tralign.data.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.source.DataRecord;
import java.util.Locale;
import java.util.Map;

/** Renames columns to the names of a form. */
final class ColumnRenaming {

  private final ImmutableBiMap<String, String> names; // form's name → record's name

  ColumnRenaming(ImmutableMap<String, String> names) {
    this.names = ImmutableBiMap.copyOf(names);
  }

  /** The record with the form's names; a column that already had such a name is replaced. */
  DataRecord applied(DataRecord record) throws InvalidRowException {
    if (names.isEmpty()) {
      return record;
    }
    ObjectNode renamed = record.fields().objectNode();
    for (Map.Entry<String, JsonNode> field : record.fields().properties()) {
      String name = names.inverse().get(field.getKey());
      if (name != null) {
        renamed.set(name, field.getValue());
      } else if (!names.containsKey(field.getKey())) {
        renamed.set(field.getKey(), field.getValue());
      }
    }
    for (Map.Entry<String, String> name : names.entrySet()) {
      if (!record.fields().has(name.getValue())) {
        throw new InvalidRowException(
            DropReason.FIELD,
            String.format(
                Locale.ROOT,
                "the column '%s', given for '%s', is missing; the row has %s%s",
                name.getValue(),
                name.getKey(),
                new FieldReader(record, new Roles(ImmutableMap.of())).described(),
                record.fields().has(name.getKey())
                    ? "; the form's name comes first: " + name.getValue() + "=" + name.getKey()
                    : ""));
      }
    }
    return new DataRecord(renamed, record.origin(), record.untyped());
  }
}
