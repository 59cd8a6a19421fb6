package io.github.tralign.hub;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is fetched: it grows under a name of its own, which tells that it is not whole, and
 * gets its name when its hash is right. A killed process leaves it to the next one.
 */
final class PartialBlob implements AutoCloseable {

  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final RemoteFile whole;
  private final FileChannel channel;
  private Hasher hasher;
  private long size;

  private PartialBlob(Path file, RemoteFile whole, FileChannel channel) {
    this.file = file;
    this.whole = whole;
    this.channel = channel;
    this.hasher = hasher(whole);
  }

  /** Opens what is there of a file, or begins it. */
  static PartialBlob open(Path file, RemoteFile whole) {
    try {
      PartialBlob partial =
          new PartialBlob(
              file,
              whole,
              FileChannel.open(
                  file,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS));
      partial.readExisting();
      return partial;
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private void readExisting() throws IOException {
    if (channel.size() > whole.size()) {
      channel.truncate(0);
    }
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer.clear())) {
      size += n;
      hasher.putBytes(buffer.flip());
    }
  }

  @SuppressWarnings("deprecation") // SHA-1 is git's
  private static Hasher hasher(RemoteFile file) {
    return file.isGitBlob()
        ? Hashing.sha1()
            .newHasher()
            .putBytes(("blob " + file.size() + "\0").getBytes(StandardCharsets.US_ASCII))
        : Hashing.sha256().newHasher();
  }

  long size() {
    return size;
  }

  boolean isComplete() {
    return size == whole.size();
  }

  /**
   * Adds bytes.
   *
   * @throws TransientException if there are more than the file has; none of them is written
   */
  void append(ByteBuffer bytes) throws TransientException {
    if (bytes.remaining() > whole.size() - size) {
      throw new TransientException("more than its " + whole.size() + " bytes arrived");
    }
    try {
      size += bytes.remaining();
      hasher.putBytes(bytes.duplicate());
      AtomicFile.writeFully(channel, bytes);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /** Forgets what is there. */
  void restart() {
    try {
      channel.truncate(0).position(0);
      size = 0;
      hasher = hasher(whole);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /**
   * Gives the file its name, which it may have from another process already.
   *
   * @return false if the content is not what the hub has; then nothing of it is left
   */
  boolean moveTo(Path blob) {
    if (!hasher.hash().toString().equals(whole.hash())) {
      restart();
      return false;
    }
    try {
      channel.force(true);
      channel.close();
      Files.move(file, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      AtomicFile.force(AtomicFile.parent(blob));
      return true;
    } catch (IOException e) {
      throw unwritable(blob, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  static HubException unwritable(Path file, IOException e) {
    return new HubException(file + ": cannot be written: " + Reason.of(e), e);
  }
}
