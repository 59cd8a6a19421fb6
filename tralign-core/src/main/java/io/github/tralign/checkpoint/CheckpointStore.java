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
 * A folder of checkpoints, named {@code step-000123} etc., for one process at a time.
 *
 * <p>A checkpoint is written under a hidden name, forced to disk and renamed, so it appears only
 * when it is complete. Its manifest detects later damage.
 */
public final class CheckpointStore {

  private static final Pattern NAME = Pattern.compile("step-(\\d{6,18})");
  private static final Pattern LEFTOVER = Pattern.compile("\\.step-\\d+\\.(new|tmp|old)-.*");

  private final Path folder;

  private CheckpointStore(Path folder) {
    this.folder = folder;
  }

  /** The checkpoints of a folder, which is created when the first one is written. */
  public static CheckpointStore in(Path folder) {
    requireNonNull(folder, "folder");
    return new CheckpointStore(folder);
  }

  /** Writes the files of a checkpoint. */
  @FunctionalInterface
  public interface Content {
    /** Writes into an existing empty folder. */
    void writeTo(Path folder) throws IOException;
  }

  /** The folder of the checkpoints. */
  public Path folder() {
    return folder;
  }

  /**
   * The steps of all checkpoints, intact or not.
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
   * The newest intact checkpoint. Changes nothing on disk.
   *
   * @param complaints receives a message about each newer checkpoint that is damaged
   * @throws UncheckedIOException if a checkpoint cannot be read, which does not mean that it is
   *     damaged
   * @throws InvalidInputException if there are no checkpoints, but folders with similar names
   */
  public Optional<Checkpoint> newest(Consumer<String> complaints) {
    for (long step : steps().descendingSet()) {
      Optional<String> damage = damage(step);
      if (damage.isEmpty()) {
        return Optional.of(new Checkpoint(path(step), step));
      }
      complaints.accept(path(step) + " is damaged and skipped: " + damage.get());
    }
    if (steps().isEmpty()) {
      forEachName(this::requireNoCheckpoint);
    }
    return Optional.empty();
  }

  /** A folder with a similar name must not be ignored: a run would start from the beginning. */
  private void requireNoCheckpoint(String name) {
    if (name.startsWith("step-")) {
      throw new InvalidInputException(
          folder.resolve(name)
              + ": is not a valid name of a checkpoint, such as step-000123; rename or move it");
    }
  }

  /**
   * The checkpoint of a step.
   *
   * @throws InvalidInputException if it does not exist or is damaged
   * @throws UncheckedIOException if it cannot be read
   */
  public Checkpoint whole(long step) {
    if (!steps().contains(step)) {
      throw new InvalidInputException(path(step) + ": does not exist");
    }
    damage(step)
        .ifPresent(
            damage -> {
              throw new InvalidInputException(path(step) + ": is damaged: " + damage);
            });
    return new Checkpoint(path(step), step);
  }

  /** Describes the damage of a checkpoint; empty if it is intact. */
  private Optional<String> damage(long step) {
    try {
      return Manifest.damage(path(step));
    } catch (IOException e) {
      throw new UncheckedIOException(
          path(step) + ": cannot be read: " + Reason.of(e) + "; nothing was changed", e);
    }
  }

  /**
   * Removes checkpoints that are newer than the step from which a run resumes. Intact ones are
   * deleted, since the run will write them again; damaged ones are renamed to {@code
   * step-000123.damaged}.
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
   * Writes a checkpoint and replaces one of the same step.
   *
   * @throws UncheckedIOException if it cannot be written; then earlier checkpoints are unchanged
   *     and no partial one is left
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

  /** Deletes all checkpoints except those of the given steps. */
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

  /** Deletes the temporary folders of a process that was killed while it wrote or deleted. */
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
      // It is created when the first checkpoint is written.
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
            "%s: the checkpoint cannot be written: %s; earlier checkpoints are unchanged",
            target,
            Reason.of(io)),
        io);
  }
}
