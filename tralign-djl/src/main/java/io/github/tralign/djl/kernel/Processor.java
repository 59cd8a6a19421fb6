package io.github.tralign.djl.kernel;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the processor can do, as far as the system tells. */
public final class Processor {

  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  /** Instructions that multiply bf16 numbers, as Linux names them. */
  private static final ImmutableSet<String> BF16 = ImmutableSet.of("avx512_bf16", "amx_bf16");

  /** What all of {@link NativeKernels} is compiled for: x86-64-v3. */
  private static final ImmutableSet<String> AVX2 =
      ImmutableSet.of("avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave");

  /** What its products are compiled for. */
  private static final ImmutableSet<String> AMX =
      ImmutableSet.of("amx_tile", "amx_bf16", "avx512_bf16", "avx512vl", "avx512bw", "avx512dq");

  private Processor() {}

  /** Whether there are instructions that multiply bf16 numbers; false where nothing tells. */
  public static boolean multipliesBf16() {
    return multipliesBf16(CPUINFO);
  }

  static boolean multipliesBf16(Path cpuinfo) {
    return !Collections.disjoint(flags(cpuinfo), BF16);
  }

  /** Whether it has what {@link NativeKernels} are compiled for; false where nothing tells. */
  static boolean hasAvx2() {
    return hasAvx2(CPUINFO);
  }

  static boolean hasAvx2(Path cpuinfo) {
    return flags(cpuinfo).containsAll(AVX2);
  }

  /** Whether it has what their products are compiled for; false where nothing tells. */
  static boolean hasAmx() {
    return hasAmx(CPUINFO);
  }

  static boolean hasAmx(Path cpuinfo) {
    return flags(cpuinfo).containsAll(AMX);
  }

  /**
   * Instructions that decide on kernels, by Linux's names, and whether the processor has them; none
   * where nothing tells.
   */
  public static Map<String, Boolean> known() {
    return known(CPUINFO);
  }

  static Map<String, Boolean> known(Path cpuinfo) {
    List<String> flags = flags(cpuinfo);
    Map<String, Boolean> known = new LinkedHashMap<>();
    if (!flags.isEmpty()) {
      for (String name : List.of("avx2", "avx512f", "avx512_bf16", "amx_bf16")) {
        known.put(name, flags.contains(name));
      }
    }
    return known;
  }

  /** Names of what the first processor can do; none where nothing tells. */
  private static List<String> flags(Path cpuinfo) {
    try (Stream<String> lines = Files.lines(cpuinfo)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Splitter.on(' ').splitToList(line))
          .orElse(List.of());
    } catch (IOException e) {
      return List.of(); // not Linux
    }
  }
}
