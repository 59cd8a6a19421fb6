package io.github.tralign.checkpoint;

import static java.util.Objects.requireNonNull;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableSortedSet;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.AtomicFolder;
import io.github.tralign.file.Folders;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of checkpoints, {@code step-000123} and so on, for one process at a time.
 *
 * <p>A checkpoint is written under a hidden name, forced to disk and renamed, so that one that is
 * there under its own name was complete. Its manifest tells whether it still is.
 */
public final class CheckpointStore {

  private static final Pattern NAME = Pattern.compile("step-(\\d{6,18})");
  private static final Pattern LEFTOVER = Pattern.compile("\\.step-\\d+\\.(new|tmp|old)-.*");

  private final Path folder;

  private CheckpointStore(Path folder) {
    this.folder = folder;
  }

  /** The checkpoints of a folder, which is made when the first is written. */
  public static CheckpointStore in(Path folder) {
    requireNonNull(folder, "folder");
    return new CheckpointStore(folder);
  }

  /** Writes the files of a checkpoint. */
  @FunctionalInterface
  public interface Content {
    /** Writes into a folder that is there and empty. */
    void writeTo(Path folder) throws IOException;
  }

  /** Where the checkpoints are. */
  public Path folder() {
    return folder;
  }

  /**
   * The steps that there are checkpoints of, whole or not.
   *
   * @throws UncheckedIOException if the folder cannot be read
   */
  public ImmutableSortedSet<Long> steps() {
    ImmutableSortedSet.Builder<Long> steps = ImmutableSortedSet.naturalOrder();
    forEachName(
        name -> {
          Matcher matcher = NAME.matcher(name);
          if (matcher.matches()) {
            steps.add(Long.parseLong(matcher.group(1)));
          }
        });
    return steps.build();
  }

  /**
   * The newest checkpoint that is whole. Nothing is changed by looking for it.
   *
   * @param complaints is given a sentence about each newer one that is damaged
   * @throws UncheckedIOException if one cannot be read, which does not make it damaged
   * @throws InvalidInputException if there are only folders whose names begin like those of
   *     checkpoints, but are none
   */
  public Optional<Checkpoint> newest(Consumer<String> complaints) {
    for (long step : steps().descendingSet()) {
      Optional<String> damage = damage(step);
      if (damage.isEmpty()) {
        return Optional.of(new Checkpoint(path(step), step));
      }
      complaints.accept(path(step) + " is damaged and passed over: " + damage.get());
    }
    if (steps().isEmpty()) {
      forEachName(this::requireNoCheckpoint);
    }
    return Optional.empty();
  }

  /** What is there under a name that nearly is a checkpoint's must not count as nothing. */
  private void requireNoCheckpoint(String name) {
    if (name.startsWith("step-")) {
      throw new InvalidInputException(
          folder.resolve(name)
              + ": is not the name of a checkpoint, as step-000123 is; rename or move it");
    }
  }

  /**
   * The checkpoint of a step.
   *
   * @throws InvalidInputException if it is not there, or not whole
   * @throws UncheckedIOException if it cannot be read
   */
  public Checkpoint whole(long step) {
    if (!steps().contains(step)) {
      throw new InvalidInputException(path(step) + ": is not there");
    }
    damage(step)
        .ifPresent(
            damage -> {
              throw new InvalidInputException(path(step) + ": is damaged: " + damage);
            });
    return new Checkpoint(path(step), step);
  }

  /** What is wrong with a checkpoint; empty if it is whole. */
  private Optional<String> damage(long step) {
    try {
      return Manifest.damage(path(step));
    } catch (IOException e) {
      throw new UncheckedIOException(
          path(step) + ": cannot be read: " + Reason.of(e) + "; nothing was changed", e);
    }
  }

  /**
   * Takes away what is newer than a step that a run goes on from. What is whole is deleted, since
   * the run will write it anew; what is damaged is renamed to {@code step-000123.damaged}.
   *
   * @throws UncheckedIOException if one cannot be read or renamed
   */
  public void setAsideAfter(long step) {
    Set<Long> kept = new TreeSet<>(steps().headSet(step, true));
    for (long newer : steps().tailSet(step, false)) {
      if (damage(newer).isPresent()) {
        try {
          Files.move(path(newer), unused(name(newer) + ".damaged"));
        } catch (IOException e) {
          throw new UncheckedIOException(path(newer) + ": cannot be renamed: " + Reason.of(e), e);
        }
      }
    }
    keepOnly(kept);
  }

  private Path unused(String name) {
    Path path = folder.resolve(name);
    for (int number = 2; Files.exists(path, LinkOption.NOFOLLOW_LINKS); number++) {
      path = folder.resolve(name + "-" + number);
    }
    return path;
  }

  /**
   * Writes a checkpoint; one of the same step is replaced.
   *
   * @throws UncheckedIOException if it cannot be written; nothing of it is left then, and those
   *     that were there are as they were
   */
  public Checkpoint write(long step, Content content) {
    Path target = path(step);
    try {
      AtomicFolder.write(
          target,
          true,
          fresh -> {
            content.writeTo(fresh);
            Manifest.write(fresh);
          });
    } catch (IOException | UncheckedIOException e) {
      throw failure(target, e);
    }
    return new Checkpoint(target, step);
  }

  /** Takes all checkpoints away but those of the given steps. */
  public void keepOnly(Set<Long> kept) {
    requireNonNull(kept, "kept");
    for (long step : steps()) {
      if (!kept.contains(step)) {
        try {
          AtomicFolder.delete(path(step));
        } catch (IOException e) {
          throw new UncheckedIOException(path(step) + ": cannot be deleted: " + Reason.of(e), e);
        }
      }
    }
  }

  /** Deletes what a process that was killed while it wrote or deleted has left behind. */
  public void deleteLeftovers() {
    forEachName(
        name -> {
          if (LEFTOVER.matcher(name).matches()) {
            try {
              Folders.delete(folder.resolve(name));
            } catch (IOException e) {
              throw new UncheckedIOException(
                  folder.resolve(name) + ": cannot be deleted: " + Reason.of(e), e);
            }
          }
        });
  }

  private Path path(long step) {
    return folder.resolve(name(step));
  }

  private static String name(long step) {
    return String.format(Locale.ROOT, "step-%06d", step);
  }

  private void forEachName(Consumer<String> use) {
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .map(entry -> entry.getFileName().toString())
          .sorted(Comparator.naturalOrder())
          .toList()
          .forEach(use);
    } catch (NoSuchFileException e) {
      // It is made when the first is written.
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static UncheckedIOException failure(Path target, Exception e) {
    Throwable root = Throwables.getRootCause(e);
    IOException io = root instanceof IOException it ? it : new IOException(e);
    return new UncheckedIOException(
        String.format(
            Locale.ROOT,
            "%s: the checkpoint cannot be written: %s; earlier checkpoints are as they were",
            target,
            Reason.of(io)),
        io);
  }
}
