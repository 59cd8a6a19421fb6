package io.github.tralign.data.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records from memory: maps of texts, numbers, booleans, lists and maps. Their hash is that of the
 * records read so far, as JSON.
 */
public final class MapRecords implements RecordReader {

  private final Iterator<? extends Map<String, ?>> maps;
  private final Hasher hasher = Hashing.sha256().newHasher();
  private long records;

  /** Reads the maps in their order. */
  public MapRecords(Iterable<? extends Map<String, ?>> maps) {
    this.maps = maps.iterator();
  }

  /**
   * The next record.
   *
   * @throws IllegalArgumentException if a value has no JSON type
   */
  @Override
  public @Nullable DataRecord next() {
    if (!maps.hasNext()) {
      return null;
    }
    records++;
    ObjectNode fields = Json.MAPPER.valueToTree(maps.next());
    hasher.putUnencodedChars(fields.toString());
    return new DataRecord(fields, "record " + records);
  }

  @Override
  public String sha256() {
    return hasher.hash().toString();
  }

  @Override
  public void close() {}
}
