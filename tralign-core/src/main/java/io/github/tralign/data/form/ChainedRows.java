package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.Row;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads files one after the other as if they were one; each is opened when it is reached. */
final class ChainedRows implements RowReader {

  private final Iterator<Path> files;
  private final Function<Path, RowReader> opening;
  private final ImmutableList.Builder<SourceReport> finished = ImmutableList.builder();
  private @Nullable RowReader current;
  private long recordsBefore;

  ChainedRows(List<Path> files, Function<Path, RowReader> opening) {
    this.files = files.iterator();
    this.opening = opening;
  }

  @Override
  public boolean hasNext() {
    while (current == null || !current.hasNext()) {
      if (!files.hasNext()) {
        return false;
      }
      finishCurrent();
      current = opening.apply(files.next());
    }
    return true;
  }

  @Override
  public Row next() {
    if (!hasNext() || current == null) {
      throw new NoSuchElementException("there are no more rows");
    }
    return current.next();
  }

  @Override
  public long records() {
    return recordsBefore + (current == null ? 0 : current.records());
  }

  @Override
  public ImmutableList<SourceReport> sources() {
    finishCurrent();
    return finished.build();
  }

  private void finishCurrent() {
    if (current != null) {
      finished.addAll(current.sources());
      recordsBefore += current.records();
      close();
    }
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
