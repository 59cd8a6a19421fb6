package io.github.tralign.checkpoint;

import static java.util.Objects.requireNonNull;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableSortedSet;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
  private static final Pattern LEFTOVER = Pattern.compile("\\.step-\\d+\\.(new|old)-.*");

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
   * The newest checkpoint that is whole.
   *
   * @param complaints is told, in words, of each newer one that is not
   */
  public Optional<Checkpoint> newest(Consumer<String> complaints) {
    for (long step : steps().descendingSet()) {
      Optional<String> damage = Manifest.damage(path(step));
      if (damage.isEmpty()) {
        return Optional.of(new Checkpoint(path(step), step));
      }
      complaints.accept(path(step) + " is damaged and passed over: " + damage.get());
    }
    return Optional.empty();
  }

  /**
   * The checkpoint of a step.
   *
   * @throws InvalidInputException if it is not there, or not whole
   */
  public Checkpoint whole(long step) {
    if (!Files.isDirectory(path(step))) {
      throw new InvalidInputException(path(step) + ": is not there");
    }
    Manifest.damage(path(step))
        .ifPresent(
            damage -> {
              throw new InvalidInputException(path(step) + ": is damaged: " + damage);
            });
    return new Checkpoint(path(step), step);
  }

  /**
   * Writes a checkpoint; one of the same step is replaced.
   *
   * @throws UncheckedIOException if it cannot be written; nothing of it is left then, and those
   *     that were there are as they were
   */
  public Checkpoint write(long step, Content content) {
    Path target = path(step);
    Path fresh = hidden(step, "new");
    try {
      Files.createDirectories(folder);
      try {
        content.writeTo(Files.createDirectory(fresh));
        Manifest.write(fresh);
        Durable.force(fresh);
        if (Files.exists(target)) {
          remove(step);
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        Durable.forceEntries(folder);
      } finally {
        Durable.delete(fresh); // gone already if it was renamed
      }
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
          remove(step);
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
              Durable.delete(folder.resolve(name));
            } catch (IOException e) {
              throw new UncheckedIOException(
                  folder.resolve(name) + ": cannot be deleted: " + Reason.of(e), e);
            }
          }
        });
  }

  /** Under a hidden name first, so that no checkpoint is ever there in part. */
  private void remove(long step) throws IOException {
    Path old = hidden(step, "old");
    Files.move(path(step), old, StandardCopyOption.ATOMIC_MOVE);
    Durable.delete(old);
  }

  private Path path(long step) {
    return folder.resolve(name(step));
  }

  private Path hidden(long step, String purpose) {
    return folder.resolve("." + name(step) + "." + purpose + "-" + UUID.randomUUID());
  }

  private static String name(long step) {
    return String.format("step-%06d", step);
  }

  private void forEachName(Consumer<String> use) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .map(entry -> entry.getFileName().toString())
          .sorted(Comparator.naturalOrder())
          .toList()
          .forEach(use);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static UncheckedIOException failure(Path target, Exception e) {
    Throwable root = Throwables.getRootCause(e);
    IOException io = root instanceof IOException it ? it : new IOException(e);
    return new UncheckedIOException(
        String.format(
            "%s: the checkpoint cannot be written: %s; earlier checkpoints are as they were",
            target, Reason.of(io)),
        io);
  }
}
