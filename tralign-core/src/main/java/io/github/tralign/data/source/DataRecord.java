package io.github.tralign.data.source;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One record of a data file: named values, as JSON.
 *
 * @param fields the values by their names
 * @param origin where the record comes from, such as {@code data.jsonl:7}; used in messages only
 * @param untyped whether every value is text, as in CSV, so that numbers and booleans must be
 *     parsed
 */
public record DataRecord(ObjectNode fields, String origin, boolean untyped) {

  /** Nothing may be null. */
  public DataRecord {
    requireNonNull(fields, "fields");
    requireNonNull(origin, "origin");
  }

  /** A record whose values have their types. */
  public DataRecord(ObjectNode fields, String origin) {
    this(fields, origin, false);
  }
}
