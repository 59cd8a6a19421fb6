package io.github.tralign.train.log;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.Maps;
import io.github.tralign.file.Reason;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes the measurements of each step as scalars that TensorBoard shows: {@code tensorboard
 * --logdir FOLDER}.
 *
 * <p>Each run writes a new event file, which begins with its first step. Where a run is resumed
 * from an earlier step in the same folder, TensorBoard drops what the older files hold from that
 * step on, so that nothing is there twice. Values that are not finite are left out.
 */
public final class TensorBoardEvents implements TrainingListener, AutoCloseable {

  private final Path folder;
  private @Nullable EventFile file;

  /** Event files in a folder, which is made at the first step. */
  public TensorBoardEvents(Path folder) {
    this.folder = requireNonNull(folder, "folder");
  }

  @Override
  public void onStep(StepMetrics metrics) {
    try {
      EventFile events = file;
      if (events == null) {
        events = open();
        file = events;
        events.start(metrics.step());
      }
      events.scalars(metrics.step(), Maps.filterValues(metrics.values(), Double::isFinite));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private EventFile open() throws IOException {
    Files.createDirectories(folder);
    long millis = System.currentTimeMillis();
    while (Files.exists(file(millis))) {
      millis++; // of a run that began in the same millisecond
    }
    return new EventFile(file(millis));
  }

  /** TensorBoard reads the files in the order of their names. */
  private Path file(long millis) {
    String name = "events.out.tfevents.%010d.%03d.%d.tralign";
    long process = ProcessHandle.current().pid();
    return folder.resolve(String.format(Locale.ROOT, name, millis / 1000, millis % 1000, process));
  }

  private UncheckedIOException failure(IOException e) {
    return new UncheckedIOException(folder + ": cannot be written: " + Reason.of(e), e);
  }
}
