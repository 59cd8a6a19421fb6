package io.github.tralign.train.log;

import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that grows by whole records: of one that the disk does not take, nothing stays. */
final class AppendedFile implements AutoCloseable {

  private final FileChannel channel;

  private AppendedFile(FileChannel channel) {
    this.channel = channel;
  }

  /** A new file; none of that name may be there. */
  static AppendedFile create(Path path) throws IOException {
    return new AppendedFile(open(path, StandardOpenOption.CREATE_NEW));
  }

  /** A file that is new or cut back to its first bytes. */
  static AppendedFile cutTo(long length, Path path) throws IOException {
    FileChannel channel = open(path, StandardOpenOption.CREATE);
    channel.truncate(length).position(length);
    return new AppendedFile(channel);
  }

  private static FileChannel open(Path path, OpenOption how) throws IOException {
    return FileChannel.open(path, how, StandardOpenOption.WRITE);
  }

  /** With the operating system when the call returns. */
  void append(byte[] record) throws IOException {
    long end = channel.position();
    try {
      AtomicFile.writeFully(channel, ByteBuffer.wrap(record));
    } catch (IOException e) {
      channel.truncate(end);
      throw e;
    }
  }

  /** Forces all records to disk. */
  void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
