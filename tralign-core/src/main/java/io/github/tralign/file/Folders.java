package io.github.tralign.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Forces folders to disk, and deletes them. */
public final class Folders {

  private Folders() {}

  /** Forces a folder with its contents to disk. */
  public static void force(Path folder) throws IOException {
    for (Path entry : walk(folder)) {
      if (Files.isDirectory(entry)) {
        AtomicFile.force(entry);
      } else {
        try (FileChannel channel = FileChannel.open(entry, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
  }

  /** Deletes a folder with its contents, if it exists. */
  public static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      for (Path entry : walk(folder)) {
        Files.delete(entry);
      }
    }
  }

  /** The entries of a folder, each before its parent. */
  private static List<Path> walk(Path folder) throws IOException {
    try (Stream<Path> entries = Files.walk(folder)) { // does not follow links
      return entries.sorted(Comparator.reverseOrder()).toList();
    }
  }
}
