package io.github.tralign.djl;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells glibc to keep the memory that tensors leave behind.
 *
 * <p>As it comes, glibc maps each large tensor anew and gives its pages back when it is freed, so
 * that at every training step the kernel zeroes gigabytes of pages: a third to a half of the time.
 * With these settings freed memory stays in the heap for the next tensor. The peak is about the
 * same; it is only not returned until the process ends.
 *
 * <p>Nothing is done on other systems, where the settings come from the environment ({@code
 * MALLOC_…} or {@code GLIBC_TUNABLES}), or with {@code -Dtralign.allocator=system}.
 */
final class Allocator {

  private static final Logger LOG = LoggerFactory.getLogger(Allocator.class);

  // mallopt's parameters, from malloc.h
  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_TOP_PAD = -2;
  private static final int M_MMAP_MAX = -4;
  private static final int M_ARENA_MAX = -8;

  private static final int TOP_PAD = 64 << 20;

  private static boolean tuned;

  private interface LibC extends Library {
    int mallopt(int parameter, int value);

    String gnu_get_libc_version();
  }

  private Allocator() {}

  /** Applies the settings, once a process. */
  static synchronized void keepFreedMemory() {
    if (tuned || !Platform.isLinux() || chosenByUser()) {
      return;
    }
    tuned = true;
    try {
      LibC libc = Native.load("c", LibC.class);
      LOG.debug("tuning the allocator of glibc {}", libc.gnu_get_libc_version());
      libc.mallopt(M_MMAP_MAX, 0);
      libc.mallopt(M_TRIM_THRESHOLD, Integer.MAX_VALUE);
      libc.mallopt(M_TOP_PAD, TOP_PAD);
      libc.mallopt(M_ARENA_MAX, 1);
    } catch (UnsatisfiedLinkError e) {
      LOG.debug("this is not glibc; the allocator stays as it is", e);
    }
  }

  private static boolean chosenByUser() {
    return "system".equals(System.getProperty("tralign.allocator"))
        || System.getenv().keySet().stream()
            .anyMatch(name -> name.startsWith("MALLOC_") || name.equals("GLIBC_TUNABLES"));
  }
}
