package io.github.tralign.djl;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.stream.Stream;

/** What the processor can do, as far as the system tells. */
final class Processor {

  /** Names of instructions that multiply bf16 numbers, as Linux lists them. */
  private static final ImmutableSet<String> BF16 = ImmutableSet.of("avx512_bf16", "amx_bf16");

  private Processor() {}

  /** Whether there are instructions that multiply bf16 numbers; false where nothing tells. */
  static boolean multipliesBf16() {
    return multipliesBf16(Path.of("/proc/cpuinfo"));
  }

  static boolean multipliesBf16(Path cpuinfo) {
    try (Stream<String> lines = Files.lines(cpuinfo)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Splitter.on(' ').splitToList(line))
          .map(flags -> !Collections.disjoint(flags, BF16))
          .orElse(false);
    } catch (IOException e) {
      return false; // not Linux
    }
  }
}
