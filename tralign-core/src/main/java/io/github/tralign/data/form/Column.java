package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import java.util.stream.Collectors;

/**
 * A column that a form requires.
 *
 * @param names its possible names, the usual one first
 * @param kind the type of its values
 */
record Column(ImmutableList<String> names, Kind kind) {

  /** Types of values. */
  enum Kind {
    TEXT("a text"),
    LIST("a list"),
    OBJECT("an object"),
    /** A text, a message or a list of messages. */
    ANSWER("a text or a message"),
    /** Anything but null. */
    VALUE("a value");

    private final String described;

    Kind(String described) {
      this.described = described;
    }
  }

  static Column text(String... names) {
    return new Column(ImmutableList.copyOf(names), Kind.TEXT);
  }

  static Column list(String name) {
    return new Column(ImmutableList.of(name), Kind.LIST);
  }

  static Column object(String name) {
    return new Column(ImmutableList.of(name), Kind.OBJECT);
  }

  static Column answer(String name) {
    return new Column(ImmutableList.of(name), Kind.ANSWER);
  }

  static Column value(String... names) {
    return new Column(ImmutableList.copyOf(names), Kind.VALUE);
  }

  /** Whether a row has this column, under one of its names and with this type. */
  boolean isIn(FieldReader row) {
    return names.stream().anyMatch(name -> holds(row, name));
  }

  /** Whether a row has a column with one of its names, of any type. */
  boolean isNamedIn(FieldReader row) {
    return names.stream().anyMatch(row::has);
  }

  private boolean holds(FieldReader row, String name) {
    return switch (kind) {
      case TEXT -> row.hasText(name);
      case LIST -> row.hasList(name);
      case OBJECT -> row.hasObject(name);
      case ANSWER -> row.hasText(name) || row.hasObject(name) || row.hasList(name);
      case VALUE -> row.has(name);
    };
  }

  /** For messages: {@code a text 'instruction' or 'question'}. */
  @Override
  public String toString() {
    return kind.described
        + names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(" or ", " ", ""));
  }
}
