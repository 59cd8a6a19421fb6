package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.net.SocketException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a user can do about failures of a disk, which are no faults of the program. */
final class DiskAdvice {

  private static final String NO_SPACE =
      "free some space there, or choose a folder on another disk";
  private static final String NOT_PERMITTED =
      "give this user the right to it (ls -ld shows who has it), or choose another place";
  private static final String BROKEN = "the disk may be failing, or a network drive may be gone";

  /** By the words that systems use. */
  private static final ImmutableMap<String, String> BY_REASON =
      ImmutableMap.<String, String>builder()
          .put("no space left on device", NO_SPACE)
          .put("not enough space on the disk", NO_SPACE)
          .put("quota exceeded", "delete files of yours there, or choose a folder on another disk")
          .put("read-only file system", "choose a folder that can be written")
          .put("permission denied", NOT_PERMITTED)
          .put("operation not permitted", NOT_PERMITTED)
          .put("too many open files", "ulimit -n raises the limit, where the system lets it")
          .put("file too large", "ulimit -f or the kind of file system limits the size of a file")
          .put("input/output error", BROKEN)
          .put("stale file handle", BROKEN)
          .build();

  private DiskAdvice() {}

  /** The advice for a failure or one of its causes; empty if they are of another kind. */
  static Optional<String> of(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof IOException io && !(io instanceof SocketException)) {
        String reason = Reason.of(io).toLowerCase(Locale.ROOT);
        return BY_REASON.entrySet().stream()
            .filter(it -> reason.contains(it.getKey()))
            .map(Map.Entry::getValue)
            .findFirst();
      }
    }
    return Optional.empty();
  }
}
