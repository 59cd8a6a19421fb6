package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.RowFault;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.data.source.InvalidRecordException;
import io.github.tralign.data.source.RecordReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rows of one file. */
final class FileRows implements RowReader {

  private final String name;
  private final RecordReader records;
  private final ColumnRenaming columns;
  private final UnreadColumns unread;
  private final Roles roles;
  private final Recognition recognition;
  private final Consumer<RowFault> faults;
  private final Queue<Row> rows = new ArrayDeque<>();
  private @Nullable RowFault firstFault;
  private long read;
  private boolean ended;

  FileRows(
      String name,
      RecordReader records,
      FormSettings settings,
      Consumer<RowFault> faults,
      Consumer<String> unread) {
    this.name = name;
    this.records = records;
    this.columns = new ColumnRenaming(settings.columns());
    this.unread = new UnreadColumns(settings.ignored(), unread);
    this.roles = new Roles(settings.roles());
    this.recognition = new Recognition(settings);
    this.faults = faults;
  }

  @Override
  public boolean hasNext() {
    while (rows.isEmpty() && !ended) {
      try {
        DataRecord record = records.next();
        if (record == null) {
          ended = true;
          requireSense();
        } else {
          read++;
          read(record);
        }
      } catch (InvalidRecordException e) {
        read++;
        fault(new RowFault(reason(e.kind()), e.origin(), e.detail()));
      }
    }
    return !rows.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException(name + " has no further row");
    }
    return rows.remove();
  }

  private void read(DataRecord record) {
    try {
      FieldReader row = new FieldReader(unread.applied(columns.applied(record)), roles);
      ColumnMapping form = recognition.of(row);
      Sink sink = new Sink();
      form.read(row, sink);
      unread.check(row, form);
      sink.handOn(record.origin());
    } catch (InvalidRowException e) {
      fault(e.at(record.origin()));
    }
  }

  private void fault(RowFault fault) {
    firstFault = firstFault == null ? fault : firstFault;
    faults.accept(fault);
  }

  /** A file without any valid row is an error even if invalid rows are skipped. */
  private void requireSense() {
    if (read == 0) {
      throw new InvalidInputException(name + ": contains no row");
    }
    if (!recognition.isDone() && firstFault != null) {
      throw new InvalidInputException(
          "the file has no valid row; the first error: " + firstFault.message());
    }
  }

  private static DropReason reason(InvalidRecordException.Kind kind) {
    return switch (kind) {
      case ENCODING -> DropReason.ENCODING;
      case SYNTAX -> DropReason.JSON;
    };
  }

  @Override
  public long records() {
    return read;
  }

  @Override
  public ImmutableList<SourceReport> sources() {
    boolean whole = ended || isAtEnd();
    return ImmutableList.of(new SourceReport(name, records.sha256(), read, whole, unread.names()));
  }

  /** A limit may equal the length of the file. */
  private boolean isAtEnd() {
    try {
      return rows.isEmpty() && records.next() == null;
    } catch (InvalidRecordException e) {
      return false;
    }
  }

  @Override
  public void close() {
    records.close();
  }

  /** Collects the rows of a record until it was read completely. */
  private final class Sink implements RowSink {

    private final List<Row> read = new ArrayList<>();
    private int ties;

    @Override
    public void row(Row row) {
      read.add(row);
    }

    @Override
    public void tie() {
      ties++;
    }

    void handOn(String origin) {
      rows.addAll(read);
      for (int i = 0; i < ties; i++) {
        faults.accept(new RowFault(DropReason.TIE, origin, "both completions have the same score"));
      }
    }
  }
}
