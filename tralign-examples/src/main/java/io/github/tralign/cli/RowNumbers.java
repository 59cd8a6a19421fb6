package io.github.tralign.cli;

import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceFile;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The places of examples among all rows of the data, faulty and dropped ones counted. Runs through
 * the files once, beside the examples that came from them.
 */
final class RowNumbers implements AutoCloseable {

  private final Iterator<Path> files;
  private @Nullable PreferenceFile file;
  private long rowsBefore;

  RowNumbers(List<Path> files) {
    this.files = files.iterator();
  }

  /** The row of an example, from 0. To be asked for the examples in their order. */
  long of(Example example) {
    while (true) {
      PreferenceFile current = file;
      if (current == null) {
        current = PreferenceFile.open(files.next(), fault -> {});
        file = current;
      }
      while (current.hasNext()) {
        if (current.next().origin().equals(example.origin())) {
          return rowsBefore + current.rows() - 1;
        }
      }
      rowsBefore += current.rows();
      close();
    }
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
