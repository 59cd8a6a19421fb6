package io.github.tralign.doctor;

import io.github.tralign.djl.Precision;
import io.github.tralign.djl.kernel.NativeKernels;
import io.github.tralign.djl.kernel.Processor;
import io.github.tralign.report.Machine;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the processor can do, and which kernels are used for it. */
final class ProcessorFacts {

  /** Variables that change what PyTorch computes with. */
  private static final List<String> VARIABLES =
      List.of(
          "OMP_NUM_THREADS",
          "MKL_NUM_THREADS",
          "ATEN_CPU_CAPABILITY",
          "ONEDNN_MAX_CPU_ISA",
          "KMP_AFFINITY");

  private ProcessorFacts() {}

  static void addTo(Diagnosis diagnosis, SystemFile files) {
    diagnosis.section("Processor");
    diagnosis.fact("model", Machine.processor());
    diagnosis.fact("instructions", instructions());
    quota(files).ifPresent(it -> diagnosis.fact("share of cores", it + " (control group)"));
    diagnosis.fact("threads", Runtime.getRuntime().availableProcessors() + " unless --threads");
    diagnosis.fact("precision auto", Precision.AUTO.on(false));
    diagnosis.fact(
        "precision fp32-high",
        NativeKernels.requirement().map(it -> "needs " + it).orElse("supported"));
    diagnosis.fact(
        "generation",
        NativeKernels.canGenerate() ? "kernels of tralign-native" : "kernels of PyTorch");
    diagnosis.fact("variables", set(VARIABLES));
  }

  private static String instructions() {
    String known =
        Processor.known().entrySet().stream()
            .map(it -> (it.getValue() ? "" : "no ") + it.getKey())
            .collect(Collectors.joining(", "));
    return known.isEmpty() ? "unknown on this system" : known;
  }

  /** The processor time that the control group allows, in cores. */
  static Optional<String> quota(SystemFile files) {
    return files
        .limit("cpu.max", "cpu/cpu.cfs_quota_us")
        .map(it -> it.split(" "))
        .filter(it -> it.length == 2)
        .map(it -> String.valueOf(Double.parseDouble(it[0]) / Double.parseDouble(it[1])));
  }

  /** Those of these variables that are set, with their values. */
  static String set(List<String> names) {
    String set =
        names.stream()
            .filter(name -> value(name) != null)
            .map(name -> name + "=" + value(name))
            .collect(Collectors.joining(" "));
    return set.isEmpty() ? "none set" : set;
  }

  private static @Nullable String value(String name) {
    return System.getenv(name);
  }
}
