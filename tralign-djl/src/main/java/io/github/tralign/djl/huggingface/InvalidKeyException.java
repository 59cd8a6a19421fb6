package io.github.tralign.djl.huggingface;

import io.github.tralign.InvalidInputException;
import java.nio.file.Path;

/** A key of a JSON object that is missing or has an invalid value. */
public final class InvalidKeyException extends InvalidInputException {

  private final String key;
  private final String problem;

  InvalidKeyException(Path file, String key, String problem) {
    super(file + ": key '" + key + "' " + problem);
    this.key = key;
    this.problem = problem;
  }

  /** The key, behind the keys of the objects that it is inside of, with dots. */
  public String key() {
    return key;
  }

  /** What is wrong and what would be right, such as {@code is 0; expected a whole number > 0}. */
  public String problem() {
    return problem;
  }
}
