package io.github.tralign.judge.alpaca;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.judge.Answers;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * A judge's preference between the answers of a reference and of a model.
 *
 * @param dataset the part of AlpacaEval, or empty
 * @param preference from 1, the reference is better, to 2, the model is; empty if the judge's reply
 *     could not be read
 */
public record Annotation(
    String dataset,
    String instruction,
    String reference,
    String referenceModel,
    String output,
    String model,
    String annotator,
    OptionalDouble preference) {

  /** Nothing may be null. */
  public Annotation {
    requireNonNull(dataset, "dataset");
    requireNonNull(instruction, "instruction");
    requireNonNull(reference, "reference");
    requireNonNull(referenceModel, "referenceModel");
    requireNonNull(output, "output");
    requireNonNull(model, "model");
    requireNonNull(annotator, "annotator");
    requireNonNull(preference, "preference");
  }

  /**
   * Reads {@code annotations.json}.
   *
   * @throws InvalidInputException naming the row, if one is invalid or there is none
   */
  public static ImmutableList<Annotation> read(Path file) {
    ImmutableList.Builder<Annotation> annotations = ImmutableList.builder();
    Answers.forEach(file, row -> annotations.add(of(row)));
    return annotations.build();
  }

  private static Annotation of(DataRecord row) {
    JsonNode fields = row.fields();
    JsonNode preference = fields.path("preference");
    double value = preference.asDouble();
    if (!preference.isNull()
        && (!preference.isNumber() || value != 0 && !(value >= 1 && value <= 2))) {
      throw new InvalidInputException(
          row.origin() + ": field 'preference' must be a number from 1 to 2, 0 for a tie, or null");
    }
    return new Annotation(
        fields.path("dataset").asText(""),
        text(row, "instruction"),
        text(row, "output_1"),
        text(row, "generator_1"),
        text(row, "output_2"),
        text(row, "generator_2"),
        fields.path("annotator").asText(""),
        preference.isNull()
            ? OptionalDouble.empty()
            : OptionalDouble.of(value == 0 ? 1.5 : value)); // old files have 0 for a tie
  }

  private static String text(DataRecord row, String name) {
    if (!row.fields().path(name).isTextual()) {
      throw new InvalidInputException(
          row.origin() + ": field '" + name + "' is missing or not a text");
    }
    return row.fields().path(name).textValue();
  }

  /** The row of {@code annotations.json}. */
  public ObjectNode row() {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("instruction", instruction)
        .put("output_1", reference)
        .put("generator_1", referenceModel)
        .put("dataset", dataset)
        .put("output_2", output)
        .put("generator_2", model)
        .put("annotator", annotator);
    return preference.isPresent()
        ? row.put("preference", preference.getAsDouble())
        : row.putNull("preference");
  }

  /** How much longer the reference's answer is, in characters. */
  double lengthDifference() {
    return length(reference) - length(output);
  }

  /** The length of the model's answer in characters. */
  int length() {
    return length(output);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
