package io.github.tralign;

import static java.util.Objects.requireNonNull;

/**
 * A setting has an invalid value, or does not go with other settings.
 *
 * <p>The message is complete: what is wrong and what would be right. A program that has names of
 * its own for settings, such as options of a command line, finds out by {@link #setting} which one
 * is meant.
 */
public class InvalidSettingException extends IllegalArgumentException {

  private final String setting;

  /**
   * Creates an exception.
   *
   * @param setting name of the method that sets it, such as {@code learningRate}
   * @param message what is wrong and what would be right
   */
  public InvalidSettingException(String setting, String message) {
    super(message);
    this.setting = requireNonNull(setting, "setting");
  }

  /** The name of the method that sets it, such as {@code learningRate}. */
  public String setting() {
    return setting;
  }

  /**
   * Checks a setting.
   *
   * @param holds whether it is valid
   * @throws InvalidSettingException if it is not
   */
  public static void require(boolean holds, String setting, String message) {
    if (!holds) {
      throw new InvalidSettingException(setting, message);
    }
  }
}
