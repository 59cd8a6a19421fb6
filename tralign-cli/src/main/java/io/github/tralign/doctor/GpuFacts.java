package io.github.tralign.doctor;

import io.github.tralign.djl.InstalledPyTorch;
import io.github.tralign.djl.kernel.TorchChoice;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** GPUs, and which PyTorch would be used for them. */
final class GpuFacts {

  private static final String DRIVER = "proc/driver/nvidia";

  private GpuFacts() {}

  static void addTo(Diagnosis diagnosis, SystemFile files) {
    diagnosis.section("GPU");
    List<String> gpus = gpus(files);
    diagnosis.fact(
        "NVIDIA driver",
        files
            .text(DRIVER + "/version")
            .map(it -> it.lines().findFirst().orElse("").replaceFirst("NVRM version: *", ""))
            .orElse("none"));
    diagnosis.fact("GPUs", gpus.isEmpty() ? "none" : String.join("; ", gpus));
    diagnosis.fact(
        "variables", ProcessorFacts.set(List.of("CUDA_VISIBLE_DEVICES", "PYTORCH_LIBRARY_PATH")));
    List<InstalledPyTorch> installed = InstalledPyTorch.all();
    boolean forCuda = false;
    for (int i = 0; i < installed.size(); i++) {
      InstalledPyTorch torch = installed.get(i);
      boolean fits = torch.problem().isEmpty();
      boolean taken = !forCuda && fits && torch.cuda().isPresent();
      forCuda |= taken;
      diagnosis.fact(
          "found " + (i + 1),
          torch
              + (taken ? " is taken for --device cuda" : "")
              + (fits && torch.cuda().isEmpty() ? " is built without CUDA" : ""));
    }
    if (installed.isEmpty()) {
      diagnosis.fact("found", "no PyTorch that pip or conda has installed");
    }
    if (!gpus.isEmpty() && !forCuda) {
      diagnosis.note("the GPU is not used: " + TorchChoice.explanation() + "; see docs/gpu.md");
    }
  }

  /** Their models, as the driver names them. */
  static List<String> gpus(SystemFile files) {
    List<String> names = new ArrayList<>();
    Path folder = files.path(DRIVER + "/gpus");
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
        for (Path each : all) {
          String file = DRIVER + "/gpus/" + each.getFileName() + "/information";
          names.add(files.field(file, "Model").orElse("unknown"));
        }
      } catch (IOException | DirectoryIteratorException e) {
        return names; // those that could be listed
      }
    }
    return names;
  }
}
