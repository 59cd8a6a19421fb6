package io.github.tralign.cli;

import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.DjlPolicyBuilder;
import io.github.tralign.djl.Precision;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.launch.Processes;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The model, and where it is computed. */
abstract class ModelOptions {

  @Option(
      names = "--policy",
      paramLabel = "DIR",
      converter = HubPath.OfModel.class,
      description = {
        "The model: a Hugging Face folder with safetensors, or a name such as owner/name[@revision]"
            + " that 'fetch' has downloaded. Required."
      })
  private @Nullable Path policy;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "cpu, cuda or cuda:N. Default: ${DEFAULT-VALUE}.")
  private String device = "cpu";

  @Option(
      names = "--pytorch",
      paramLabel = "DIR",
      description = {
        "The PyTorch to load: a Python environment that has it, its folder torch, or the folder of"
            + " its libraries. Default: the one that comes with tralign; for cuda, the first"
            + " suitable one that pip or conda has installed. 'doctor' lists them."
      })
  private @Nullable Path pytorch;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = {
        "CPU threads of PyTorch, in each process. Default: one per core, divided among --processes."
      })
  private @Nullable Integer threads;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      description = {
        "Number format of matrix products: fp32; fp32-high (five digits, on processors with AMX);"
            + " bf16 (three digits); or auto: bf16 on a GPU or on a processor with bf16"
            + " instructions, else fp32. Default: ${DEFAULT-VALUE}."
      })
  private Precision precision;

  private Processes processes = Processes.alone();
  private int sharingMachine = 1;

  /**
   * Options of a model.
   *
   * @param precision the default
   */
  ModelOptions(Precision precision) {
    this.precision = precision;
  }

  final boolean isGiven() {
    return policy != null;
  }

  final Path folder() {
    return Refusal.given(policy);
  }

  /** Refuses what can be refused before the weights are read. */
  void check() {
    if (threads != null && threads < 1) {
      throw new Refusal("--threads", "must be at least 1, not " + threads);
    }
    CheckpointFolder.open(folder()).close();
  }

  /**
   * Computes with other processes.
   *
   * @param onThisMachine how many of them share its cores
   */
  final void share(Processes with, int onThisMachine) {
    processes = with;
    sharingMachine = onThisMachine;
  }

  final String device() {
    return device;
  }

  final Optional<Path> pytorch() {
    return Optional.ofNullable(pytorch);
  }

  /** The folder of an adapter, if one is read. */
  abstract Optional<Path> adapter();

  /** SHA-256 of the files that the model is made of, with those of its adapter, by name. */
  final Map<String, String> hashes() {
    Map<String, String> hashes = new TreeMap<>(Provenance.weights(folder()));
    adapter().map(Provenance::weights).ifPresent(hashes::putAll);
    return hashes;
  }

  /**
   * What of these options decides on the bits of a run, beside the files, so that it is resumed
   * with the same.
   */
  Map<String, String> settings() {
    return Map.of(
        "device", device, "threads", String.valueOf(threads), "precision", precision.toString());
  }

  /** Tokens of the longest sequence that the model takes. */
  final int maxLength() {
    return Architecture.of(ConfigJson.read(folder().resolve("config.json"))).maxLength();
  }

  final CheckpointTokenizer loadTokenizer() {
    return CheckpointTokenizer.load(folder());
  }

  /** Loads the model and shows its warnings. */
  final DjlPolicy loadPolicy(Progress progress) {
    DjlPolicy policy = loading().load();
    policy.warnings().forEach(progress::warn);
    return policy;
  }

  /** How the model is loaded; what was left open is settled here, for the record of the run. */
  DjlPolicyBuilder loading() {
    DjlPolicyBuilder loading = loading(folder());
    processes.tensors().ifPresent(loading::processGroup);
    return loading;
  }

  /** The same for another folder. */
  final DjlPolicyBuilder loading(Path folder) {
    int cores = Math.max(1, Runtime.getRuntime().availableProcessors() / sharingMachine);
    int used = threads == null ? cores : threads;
    threads = used;
    precision = precision.on(device.startsWith("cuda"));
    return DjlPolicy.from(folder).device(device).threads(used).precision(precision);
  }
}
