package io.github.tralign.data.form;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Streams;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.source.DataRecord;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The columns of a file that were not read, for the report. Columns that change the meaning of a
 * row are rejected, unless the user ignores them explicitly.
 */
final class UnreadColumns {

  /** Columns that usually change the meaning of a row. */
  private static final ImmutableSet<String> MEANINGFUL =
      ImmutableSet.of(
          "system",
          "system_prompt",
          "system_message",
          "input",
          "kto_tag",
          "margin",
          "win_probability");

  /** The same for lists and objects, which may be empty, also as JSON text. */
  private static final ImmutableSet<String> MEANINGFUL_IF_NOT_EMPTY =
      ImmutableSet.of(
          "history",
          "tools",
          "chat_template_kwargs",
          "image",
          "images",
          "video",
          "videos",
          "audio",
          "audios");

  /** Limits the memory for objects with arbitrary names. */
  private static final int NAMED = 100;

  private final ImmutableSet<String> ignored;
  private final Consumer<String> listener;
  private final Set<String> names = new LinkedHashSet<>();

  /**
   * Columns of a file.
   *
   * @param ignored those to leave out
   * @param listener takes the name of each other one that is not read, when it is first seen
   */
  UnreadColumns(ImmutableSet<String> ignored, Consumer<String> listener) {
    this.ignored = ignored;
    this.listener = listener;
  }

  /** The record without the ignored columns. */
  DataRecord applied(DataRecord record) {
    List<String> left =
        Streams.stream(record.fields().fieldNames()).filter(ignored::contains).toList();
    if (left.isEmpty()) {
      return record;
    }
    add(left);
    return new DataRecord(
        record.fields().deepCopy().remove(left), record.origin(), record.untyped());
  }

  /**
   * Checks a row that was read.
   *
   * @throws InvalidRowException if a column that was not read changes the meaning of the row
   */
  void check(FieldReader row, ColumnMapping form) throws InvalidRowException {
    List<String> unread = row.unread();
    for (String name : unread) {
      if (MEANINGFUL.contains(name)
          || MEANINGFUL_IF_NOT_EMPTY.contains(name) && row.hasElements(name)) {
        throw new InvalidRowException(
            DropReason.FORM,
            String.format(
                Locale.ROOT,
                "the column '%s' changes the meaning of the row, but the form %s does not read it;"
                    + " move it into the columns of the form, or ignore it with --ignore %s",
                name,
                form.name(),
                name));
      }
    }
    add(unread);
  }

  private void add(List<String> unread) {
    for (String name : unread) {
      if (names.size() < NAMED && names.add(name) && !ignored.contains(name)) {
        listener.accept(name);
      }
    }
  }

  /** The names of the columns, in the order of their first occurrence. */
  List<String> names() {
    return List.copyOf(names);
  }
}
