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
 * The columns of a file that nobody read, for the report. Those that belong to what a row says are
 * refused, unless a person said that they are to be left out.
 */
final class UnreadColumns {

  /** Columns by which data sets say more of a row, or something else. */
  private static final ImmutableSet<String> MEANINGFUL =
      ImmutableSet.of(
          "system",
          "system_prompt",
          "system_message",
          "input",
          "kto_tag",
          "margin",
          "win_probability");

  /** Those that hold a list or an object: the text of an empty one says nothing, as itself. */
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

  /** A table has fewer, and objects of any names must not fill the memory. */
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

  /** The record without the columns that are to be left out. */
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
   * Takes a row that was read.
   *
   * @throws InvalidRowException if a column that was not read belongs to what the row says
   */
  void check(Fields row, Form form) throws InvalidRowException {
    List<String> unread = row.unread();
    for (String name : unread) {
      if (MEANINGFUL.contains(name)
          || MEANINGFUL_IF_NOT_EMPTY.contains(name) && row.hasElements(name)) {
        throw new InvalidRowException(
            DropReason.FORM,
            String.format(
                Locale.ROOT,
                "the column '%s' belongs to what the row says, but the form %s does not read it;"
                    + " move it into the columns of the form, or leave it out with --ignore %s",
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

  /** Their names, in the order in which they were seen. */
  List<String> names() {
    return List.copyOf(names);
  }
}
