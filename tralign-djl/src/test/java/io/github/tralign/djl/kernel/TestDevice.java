package io.github.tralign.djl.kernel;

import ai.djl.Device;

/** The device that the tests compute on: {@code -Dtralign.device=cuda} for another than the CPU. */
public final class TestDevice {

  /** As {@code --device} has it. */
  public static final String NAME = System.getProperty("tralign.device", "cpu");

  private TestDevice() {}

  /** Whether the numbers of the CPU are to be met as closely as the CPU meets them. */
  public static boolean isCpu() {
    return NAME.equals("cpu");
  }

  /** As DJL has it. */
  public static Device get() {
    return isCpu() ? Device.cpu() : Device.gpu();
  }
}
