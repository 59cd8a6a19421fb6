package io.github.tralign.judge;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A model's answer to an instruction.
 *
 * @param fields all columns of its row
 * @param origin where it comes from, such as {@code answers.jsonl:7}
 */
public record Answer(String instruction, String output, ObjectNode fields, String origin) {

  /** Nothing may be null. */
  public Answer {
    requireNonNull(instruction, "instruction");
    requireNonNull(output, "output");
    requireNonNull(fields, "fields");
    requireNonNull(origin, "origin");
  }

  /** A text column of its row, or a default. */
  public String field(String name, String otherwise) {
    return fields.path(name).isTextual() ? fields.path(name).textValue() : otherwise;
  }
}
