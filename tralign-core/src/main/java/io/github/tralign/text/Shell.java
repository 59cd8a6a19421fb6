package io.github.tralign.text;

/** Commands in messages, as people type them. */
public final class Shell {

  /** The launcher sets it to what it was started as. */
  private static final String PROPERTY = "tralign.command";

  private Shell() {}

  /** What starts tralign's command line, such as {@code ./tralign}. */
  public static String command() {
    String typed = System.getProperty(PROPERTY, "./tralign");
    return typed.matches("[\\w./+ -]+") ? word(typed) : "./tralign"; // a help text is a format
  }

  /** A path as one word of a shell. */
  public static String word(Object path) {
    String text = path.toString();
    return text.matches("[\\w./+:@-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
