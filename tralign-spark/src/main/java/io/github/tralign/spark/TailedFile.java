package io.github.tralign.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Follows a file that grows by whole lines. One that is cut back is followed from its beginning.
 */
final class TailedFile {

  private static final int AT_ONCE = 1 << 20;

  private final Path path;
  private final Consumer<String> lines;
  private long position;

  TailedFile(Path path, Consumer<String> lines) {
    this.path = path;
    this.lines = lines;
  }

  /** Passes on what has been added. A file that is not there or cannot be read adds nothing. */
  void poll() {
    if (!Files.isRegularFile(path)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(path)) {
      if (channel.size() < position) {
        position = 0;
      }
      while (pollOnce(channel)) {}
    } catch (IOException e) {
      // shared storage may be away for a moment: the next poll reads it
    }
  }

  private boolean pollOnce(FileChannel channel) throws IOException {
    int length = (int) Math.min(AT_ONCE, channel.size() - position);
    ByteBuffer bytes = ByteBuffer.allocate(Math.max(0, length));
    while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) > 0) {}
    int end = bytes.position();
    while (end > 0 && bytes.get(end - 1) != '\n') {
      end--;
    }
    new String(bytes.array(), 0, end, StandardCharsets.UTF_8).lines().forEach(lines);
    position += end;
    return end > 0;
  }
}
