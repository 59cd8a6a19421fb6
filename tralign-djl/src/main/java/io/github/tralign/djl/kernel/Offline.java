package io.github.tralign.djl.kernel;

/**
 * Keeps DJL offline: it neither downloads native libraries nor reports its usage. Native libraries
 * are loaded only from a folder that other users cannot write to.
 */
public final class Offline {

  private Offline() {}

  /**
   * Sets DJL's system properties accordingly, unless the program has set them. Call this before
   * using DJL.
   *
   * @throws io.github.tralign.InvalidInputException if {@code DJL_CACHE_DIR} or {@code
   *     ENGINE_CACHE_DIR} is a folder that other users can write to
   */
  public static void ensure() {
    NativeCache.settle();
    setUnlessSet("ai.djl.offline", "true");
    setUnlessSet("OPT_OUT_TRACKING", "true");
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
