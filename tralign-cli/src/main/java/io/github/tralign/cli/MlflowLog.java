package io.github.tralign.cli;

import io.github.tralign.mlflow.MlflowRun;
import io.github.tralign.report.Machine;
import io.github.tralign.train.TrainerBuilder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The log of a run at an MLflow server, if one is asked for. */
final class MlflowLog implements AutoCloseable {

  private final Optional<MlflowRun> run;

  /**
   * Begins nothing yet.
   *
   * @param command what is run, such as {@code train}
   * @param folder the run's folder, whose name becomes the run's
   */
  MlflowLog(
      RunOptions options,
      String command,
      Path folder,
      Settings settings,
      Map<String, Object> provenance,
      Progress progress) {
    Map<String, String> params = new LinkedHashMap<>();
    settings.values().forEach((name, value) -> params.put(name, Settings.shown(value)));
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("tralign.command", command);
    tags.put("tralign.version", Machine.version());
    if (provenance.get("fingerprint") instanceof String fingerprint) {
      tags.put("tralign.fingerprint", fingerprint);
    }
    String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    run =
        options
            .mlflow()
            .map(it -> MlflowRun.of(it.name(name).params(params).tags(tags), progress::warn));
  }

  /** Lets it watch a training. */
  void addTo(TrainerBuilder builder) {
    run.ifPresent(builder::listener);
  }

  @Override
  public void close() {
    run.ifPresent(MlflowRun::close);
  }
}
