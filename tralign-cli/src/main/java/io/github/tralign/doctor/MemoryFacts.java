package io.github.tralign.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Memory, its limits, and the allocator's settings. */
final class MemoryFacts {

  private static final long LEAST = 1L << 30; // with the model of the quickstart

  private static final List<String> ALLOCATOR =
      List.of(
          "MALLOC_ARENA_MAX",
          "THP_MEM_ALLOC_ENABLE",
          "MALLOC_MMAP_THRESHOLD_",
          "MALLOC_TRIM_THRESHOLD_",
          "LD_PRELOAD");

  private MemoryFacts() {}

  static void addTo(Diagnosis diagnosis, SystemFile files) {
    diagnosis.section("Memory");
    OptionalLong total = kibibytes(files, "MemTotal");
    OptionalLong available = kibibytes(files, "MemAvailable");
    OptionalLong limit =
        files.limit("memory.max", "memory/memory.limit_in_bytes").stream()
            .mapToLong(Long::parseLong)
            .findFirst();
    diagnosis.fact("of the machine", size(total) + ", " + size(available) + " available");
    diagnosis.fact("control group", limit.isPresent() ? size(limit) : "no limit");
    diagnosis.fact(
        "Java's heap", "at most " + size(OptionalLong.of(Runtime.getRuntime().maxMemory())));
    diagnosis.fact(
        "address space", files.softLimit("Max address space").orElse("unknown on this system"));
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      diagnosis.fact("open files", "at most " + unix.getMaxFileDescriptorCount());
    }
    diagnosis.fact(
        "huge pages",
        files.text("sys/kernel/mm/transparent_hugepage/enabled").orElse("unknown on this system"));
    diagnosis.fact("allocator", ProcessorFacts.set(ALLOCATOR));
    if (System.getenv("MALLOC_ARENA_MAX") == null
        && System.getProperty("os.name").equals("Linux")) {
      diagnosis.note(
          "the allocator's variables are not set, as bin/tralign sets them; training needs more"
              + " memory and time without, see docs/performance.md");
    }
    OptionalLong least =
        Stream.of(available, limit)
            .filter(OptionalLong::isPresent)
            .mapToLong(OptionalLong::getAsLong)
            .min();
    if (least.isPresent() && least.getAsLong() < LEAST) {
      diagnosis.problem(
          "only "
              + size(least)
              + " of memory can be used; the smallest model needs "
              + size(OptionalLong.of(LEAST)));
    }
  }

  private static OptionalLong kibibytes(SystemFile files, String name) {
    return files.field("proc/meminfo", name).stream()
        .mapToLong(it -> 1024 * Long.parseLong(it.replace(" kB", "")))
        .findFirst();
  }

  static String size(OptionalLong bytes) {
    return bytes.isPresent()
        ? String.format(Locale.ROOT, "%.1f GiB", bytes.getAsLong() / (double) (1 << 30))
        : "unknown";
  }
}
