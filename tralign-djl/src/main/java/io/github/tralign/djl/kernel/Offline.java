package io.github.tralign.djl.kernel;

/**
 * Keeps DJL off the network: it neither looks for natives there nor reports its use. And lets it
 * load native libraries only from a folder that other users cannot write.
 */
public final class Offline {

  private Offline() {}

  /**
   * Sets DJL's properties for that, where the program has not set them itself. To be called before
   * anything of DJL.
   *
   * @throws io.github.tralign.InvalidInputException if {@code DJL_CACHE_DIR} or {@code
   *     ENGINE_CACHE_DIR} is a folder that other users can write
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
