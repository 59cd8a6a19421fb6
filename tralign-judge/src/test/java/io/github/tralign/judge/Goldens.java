package io.github.tralign.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.StreamSupport;

/** What {@code tools/make_judge_goldens.py} wrote. */
public final class Goldens {

  private Goldens() {}

  public static JsonNode read(String field) {
    try {
      return new ObjectMapper()
          .readTree(Resources.getResource(Goldens.class, "judge_statistics.json"))
          .path(field);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
