package io.github.tralign.cli;

import io.github.tralign.djl.BasePrecision;
import io.github.tralign.djl.DjlModel;
import io.github.tralign.djl.DjlPolicyBuilder;
import io.github.tralign.djl.Precision;
import io.github.tralign.hub.HubCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The model of a command that only scores. */
final class ScoredModelOptions extends ModelOptions {

  /** Folders of a model within a run. */
  private static final Set<String> OF_RUN = Set.of("model", "adapter", "best");

  @Option(
      names = AdapterOptions.ADAPTER,
      paramLabel = "DIR",
      converter = HubPath.OfModel.class,
      description = "A LoRA adapter that is added to the model: a PEFT folder. Default: none.")
  private @Nullable Path adapter;

  @Option(
      names = AdapterOptions.BASE_PRECISION,
      paramLabel = "NAME",
      description = {
        "Type in memory of the model's matrices: fp32; bf16, to which they are rounded; or auto."
            + " auto keeps weights in 16 or 4 bits as stored, with the same results; others become"
            + " fp32. With an adapter always fp32. Default: auto."
      })
  private @Nullable BasePrecision basePrecision;

  ScoredModelOptions() {
    super(Precision.FP32);
  }

  @Override
  Optional<Path> adapter() {
    return Optional.ofNullable(adapter);
  }

  @Override
  DjlPolicyBuilder loading() {
    return loadingOf(folder(), Optional.ofNullable(adapter));
  }

  /** How another model, which has the same options, is loaded. */
  private DjlPolicyBuilder loadingOf(Path other, Optional<Path> merged) {
    DjlPolicyBuilder loading = loading(other).frozen(true);
    merged.ifPresent(loading::mergeAdapter);
    return basePrecision == null ? loading : loading.basePrecision(basePrecision);
  }

  @Override
  void check() {
    super.check();
    if (adapter != null && basePrecision == BasePrecision.BF16) {
      throw new Refusal(
          AdapterOptions.BASE_PRECISION,
          "cannot be bf16 with " + AdapterOptions.ADAPTER + ", which is added in fp32");
    }
  }

  /** Loads the model without what only training needs, and shows its warnings. */
  DjlModel loadModel(Progress progress) {
    return warned(loading().loadModel(), progress);
  }

  /** Loads another model with the same options but no adapter, and shows its warnings. */
  DjlModel loadModel(Path other, Progress progress) {
    return warned(loadingOf(other, Optional.empty()).loadModel(), progress);
  }

  private static DjlModel warned(DjlModel model, Progress progress) {
    model.warnings().forEach(progress::warn);
    return model;
  }

  /** Equal for models that compute the same, as far as is known without reading their weights. */
  String stamp() {
    List<Object> all =
        new ArrayList<>(List.of(new TreeMap<>(settings()), String.valueOf(basePrecision)));
    for (Path folder : adapter == null ? List.of(folder()) : List.of(folder(), adapter)) {
      all.add(folder.toAbsolutePath().normalize());
      all.add(Provenance.stamps(folder));
    }
    return all.toString();
  }

  /** What other files call the model: the name of its folder, or of the run that it is from. */
  String name() {
    return name(adapter == null ? folder() : adapter);
  }

  /** The same for another folder; {@code owner/name} if it is in the cache. */
  static String name(Path path) {
    Optional<String> hub = HubCache.ofEnvironment().nameOf(path);
    if (hub.isPresent()) {
      return hub.get().replaceFirst("@[0-9a-f]*", "");
    }
    Path full = path.toAbsolutePath().normalize();
    Path parent = full.getParent();
    String name = String.valueOf(full.getFileName());
    return parent != null && parent.getFileName() != null && OF_RUN.contains(name)
        ? parent.getFileName().toString()
        : name;
  }
}
