package io.github.tralign.cli;

import io.github.tralign.hub.HubCache;
import io.github.tralign.hub.HubReference;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.report.ModelCard;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The model card of a run. It is made to be published, so it has no paths and nothing about the
 * machine.
 *
 * @param base the folder of the model that was trained
 * @param adapter the folder of its adapter, if that was trained further
 * @param provenance of {@link Provenance#of}
 */
record RunCard(
    CommandSpec command,
    ReferencePolicy reference,
    Path base,
    Optional<Path> adapter,
    Map<String, Object> provenance) {

  /** Settings that change no result, or only on this machine. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "device",
          "threads",
          "tensorboard",
          "on-nan",
          "stream",
          "skip-invalid",
          "probe-pairs",
          "probe-every",
          "micro-batch-tokens");

  /** Names of folders that say nothing of the model in them. */
  private static final Set<String> COMMON = Set.of("model", "best", "adapter");

  /**
   * Writes the card into a saved model's folder; a failure is only reported, since the model is
   * complete without it.
   *
   * @param isAdapter whether it is the folder of an adapter
   * @param metrics of the step whose weights are saved
   */
  void write(Path folder, boolean isAdapter, StepMetrics metrics, Console console) {
    Settings settings = Settings.of(command);
    String loss = String.valueOf(settings.values().getOrDefault("loss", "sft"));
    String title = name(base) + "-" + ModelCard.methodName(loss, reference);
    ModelCard card = of(base, adapter, title).method(loss, reference);
    files().forEach(file -> nameOf(path(file)).ifPresent(it -> card.dataset(it.repo())));
    if (isAdapter) {
      card.adapter();
    }
    card.section("Settings", settings(settings, metrics.step()))
        .section("Data", data())
        .heldOut(metrics)
        .section("Versions", texts(provenance.get("versions")));
    write(card, folder, console);
  }

  /** A card that knows where a model comes from; an adapter's own card has that of its base. */
  static ModelCard of(Path base, Optional<Path> adapter, String title) {
    ModelCard card =
        ModelCard.titled(title)
            .base(adapter.filter(it -> Files.exists(it.resolve(ModelCard.FILE))).orElse(base));
    nameOf(base).ifPresent(it -> card.baseModel(it.repo()));
    return card;
  }

  /** The last part of a model's name, or of its folder's. */
  static String name(Path model) {
    Path folder = model.toAbsolutePath().normalize();
    Path parent = folder.getParent();
    String last = String.valueOf(folder.getFileName());
    return nameOf(model)
        .map(it -> it.repo().substring(it.repo().indexOf('/') + 1))
        .orElseGet(
            () ->
                COMMON.contains(last) && parent != null && parent.getFileName() != null
                    ? String.valueOf(parent.getFileName())
                    : last);
  }

  /** Writes a card, or warns that it cannot be written. */
  static void write(ModelCard card, Path folder, Console console) {
    try {
      Path written = card.write(folder);
      if (written.endsWith(ModelCard.BESIDE)) {
        console.warn(
            folder.resolve(ModelCard.FILE) + " was edited and stays; the new card is " + written);
      }
    } catch (UncheckedIOException e) {
      console.warn("no model card is written: " + e.getMessage());
    }
  }

  private static Optional<HubReference> nameOf(Path path) {
    return HubCache.ofEnvironment()
        .nameOf(path)
        .flatMap(it -> HubReference.parse(HubReference.Kind.MODEL, it));
  }

  /** The settings that decide what is learned, but for those that are paths. */
  private Map<String, String> settings(Settings settings, long steps) {
    Map<String, String> shown = new LinkedHashMap<>();
    settings.decisive().forEach((name, value) -> shown.put(name, Settings.shown(value)));
    shown.keySet().removeAll(LEFT_OUT);
    shown.keySet().removeIf(name -> isPath(command.findOption("--" + name).getValue()));
    shown.values().removeIf(String::isEmpty);
    shown.put("steps", String.valueOf(steps));
    return shown;
  }

  private static boolean isPath(@Nullable Object value) {
    return value instanceof Path
        || value instanceof Collection<?> several && several.stream().anyMatch(RunCard::isPath);
  }

  private Map<String, String> data() {
    Map<String, String> rows = new LinkedHashMap<>();
    for (Map<?, ?> file : files()) {
      Path path = path(file);
      rows.put(
          nameOf(path).map(HubReference::toString).orElse(String.valueOf(path.getFileName())),
          String.format(Locale.ROOT, "%s rows, SHA-256 %s", file.get("rows"), file.get("sha256")));
    }
    return rows;
  }

  /** The files whose rows were counted; of a stream none. */
  private List<Map<?, ?>> files() {
    return provenance.get("data-files") instanceof Collection<?> files
        ? files.stream().<Map<?, ?>>map(it -> (Map<?, ?>) it).toList()
        : List.of();
  }

  private static Path path(Map<?, ?> file) {
    return Path.of(String.valueOf(file.get("path")));
  }

  private static Map<String, String> texts(@Nullable Object values) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (values instanceof Map<?, ?> map) {
      map.forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
    }
    return texts;
  }
}
