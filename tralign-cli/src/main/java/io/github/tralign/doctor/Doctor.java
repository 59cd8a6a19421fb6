package io.github.tralign.doctor;

import io.github.tralign.djl.kernel.Offline;
import java.util.function.Consumer;

/** Examines the machine that this process runs on. */
public final class Doctor {

  private Doctor() {}

  /**
   * Examines everything, the native libraries last.
   *
   * @param device on which a small model is trained, such as {@code cpu}
   * @param shown gets each line as soon as it is known
   */
  public static Diagnosis examine(String device, Consumer<String> shown) {
    Offline.ensure(); // which settles where native libraries are
    SystemFile files = SystemFile.here();
    Diagnosis diagnosis = new Diagnosis(shown);
    SoftwareFacts.addTo(diagnosis);
    ProcessorFacts.addTo(diagnosis, files);
    MemoryFacts.addTo(diagnosis, files);
    FolderFacts.addTo(diagnosis);
    GpuFacts.addTo(diagnosis, files);
    ComputationFacts.addTo(diagnosis, device);
    diagnosis.conclude();
    return diagnosis;
  }
}
