package io.github.tralign.djl.kernel;

/** Keeps DJL off the network: it neither looks for natives there nor reports its use. */
public final class Offline {

  private Offline() {}

  /** Sets DJL's properties for that, where the program has not set them itself. */
  public static void ensure() {
    setUnlessSet("ai.djl.offline", "true");
    setUnlessSet("OPT_OUT_TRACKING", "true");
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
