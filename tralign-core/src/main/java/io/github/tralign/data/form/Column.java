package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import java.util.stream.Collectors;

/**
 * A column that a form needs.
 *
 * @param names the names that it may have, the usual one first
 * @param kind what it holds
 */
record Column(ImmutableList<String> names, Kind kind) {

  /** Kinds of values. */
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

  /** Whether a row has it, under one of its names and of its kind. */
  boolean isIn(Fields row) {
    return names.stream().anyMatch(name -> holds(row, name));
  }

  /** Whether a row has a column of one of its names, whatever it holds. */
  boolean isNamedIn(Fields row) {
    return names.stream().anyMatch(row::has);
  }

  private boolean holds(Fields row, String name) {
    return switch (kind) {
      case TEXT -> row.hasText(name);
      case LIST -> row.hasList(name);
      case OBJECT -> row.hasObject(name);
      case ANSWER -> row.hasText(name) || row.hasObject(name) || row.hasList(name);
      case VALUE -> row.has(name);
    };
  }

  /** For a person: {@code a text 'instruction' or 'question'}. */
  @Override
  public String toString() {
    return kind.described
        + names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(" or ", " ", ""));
  }
}
