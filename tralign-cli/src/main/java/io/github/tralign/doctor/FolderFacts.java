package io.github.tralign.doctor;

import ai.djl.util.Utils;
import io.github.tralign.djl.kernel.TorchChoice;
import io.github.tralign.hub.HubCache;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The folders that tralign writes to beside a command's output. */
final class FolderFacts {

  private static final long NATIVES = 480L << 20; // PyTorch's, unpacked
  private static final long SMALL = 16 << 20; // what any command may need

  private FolderFacts() {}

  static void addTo(Diagnosis diagnosis) {
    diagnosis.section("Folders");
    Path models = HubCache.ofEnvironment().folder();
    diagnosis.fact("Hugging Face", state(models));
    if (isUnreadable(models)) {
      diagnosis.note(
          models
              + " cannot be read, so names of models are not found; HF_HOME or HF_HUB_CACHE names"
              + " another one");
    } else if (!isWritable(models)) {
      diagnosis.note(
          models
              + " cannot be written, so 'fetch' fails; HF_HOME or HF_HUB_CACHE names another one");
    }
    Path natives = Utils.getEngineCacheDir();
    diagnosis.fact("native libraries", state(natives));
    if (TorchChoice.used().isEmpty()
        && isEmpty(natives.resolve("pytorch"))
        && free(natives).orElse(NATIVES) < NATIVES) {
      diagnosis.problem(
          natives
              + " has no space for PyTorch's libraries, "
              + MemoryFacts.size(OptionalLong.of(NATIVES))
              + "; DJL_CACHE_DIR names another one");
    }
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    diagnosis.fact("temporary", state(temporary));
    if (!isWritable(temporary) || free(temporary).orElse(SMALL) < SMALL) {
      diagnosis.problem(
          temporary
              + (isWritable(temporary) ? " has no space left" : " cannot be written")
              + "; TRALIGN_JAVA_OPTS=-Djava.io.tmpdir=DIR names another one");
    }
    diagnosis.fact("current", state(Path.of("").toAbsolutePath()));
    diagnosis.fact(
        "variables",
        ProcessorFacts.set(
            List.of(
                "HF_HOME", "HF_HUB_CACHE", "HF_HUB_OFFLINE", "DJL_CACHE_DIR", "ENGINE_CACHE_DIR")));
    diagnosis.fact("HF_TOKEN", System.getenv("HF_TOKEN") == null ? "not set" : "set");
  }

  /** Whether nothing has been unpacked there: the folder itself is made first. */
  static boolean isEmpty(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      return true;
    }
  }

  static String state(Path folder) {
    return folder
        + (Files.notExists(folder) ? ", not there yet" : "")
        + (isUnreadable(folder) ? ", cannot be read" : "")
        + (isWritable(folder) ? ", can be written" : ", cannot be written")
        + ", "
        + MemoryFacts.size(free(folder))
        + " free";
  }

  private static boolean isUnreadable(Path folder) {
    return !Files.notExists(folder) && !(Files.isReadable(folder) && Files.isExecutable(folder));
  }

  /** A folder that is not there yet can be written if it can be created. */
  static boolean isWritable(Path folder) {
    Path there = nearest(folder);
    return Files.isDirectory(there) && Files.isWritable(there);
  }

  private static Path nearest(Path folder) {
    Path there = folder.toAbsolutePath();
    for (Path up = there.getParent(); up != null && !Files.exists(there); up = up.getParent()) {
      there = up;
    }
    return there;
  }

  private static OptionalLong free(Path folder) {
    try {
      FileStore store = Files.getFileStore(nearest(folder));
      return OptionalLong.of(store.getUsableSpace());
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
