package io.github.tralign.cli;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.Adapter;
import io.github.tralign.djl.BasePrecision;
import io.github.tralign.djl.DjlPolicyBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A LoRA adapter that is trained instead of the model's weights. */
final class AdapterOptions {

  static final String ADAPTER = "--adapter";
  static final String RANK = "--lora-rank";
  static final String ALPHA = "--lora-alpha";
  static final String TARGETS = "--lora-targets";
  static final String WHOLE = "--lora-modules-to-save";
  private static final String RSLORA = "--lora-rslora";
  static final String BASE_PRECISION = "--base-precision";

  /** Names have no characters with a meaning in expressions but the dot. */
  private static final Pattern NAMES = Pattern.compile("[\\w.]+(,[\\w.]+)*");

  @Option(
      names = ADAPTER,
      paramLabel = "DIR",
      converter = HubPath.OfModel.class,
      description = {
        "Continues to train this LoRA adapter, a PEFT folder, instead of the model's weights. It is"
            + " the first reference too. Default: none."
      })
  private @Nullable Path folder;

  @Option(
      names = RANK,
      paramLabel = "N",
      description = {
        "Trains a fresh LoRA adapter of this rank instead of the model's weights. Default: none."
      })
  private @Nullable Integer rank;

  @Option(
      names = ALPHA,
      paramLabel = "A",
      description = "The adapter's alpha; its scaling is alpha/rank. Default: the rank.")
  private @Nullable Double alpha;

  @Option(
      names = TARGETS,
      paramLabel = "NAMES",
      description = {
        "Matrices with an adapter: names as in q_proj,v_proj, a regular expression for whole paths,"
            + " or all-linear for all matrices in the layers. Default: all-linear."
      })
  private @Nullable String targets;

  @Option(
      names = WHOLE,
      paramLabel = "NAMES",
      split = ",",
      description = {
        "Modules that are trained in full beside the adapter and saved with it, by the ends of"
            + " their paths, as in norm,lm_head. Default: none."
      })
  private @Nullable List<String> whole;

  @Option(
      names = RSLORA,
      description = "The adapter's scaling is alpha/sqrt(rank) instead (rsLoRA).")
  private @Nullable Boolean rankStabilized;

  @Option(
      names = BASE_PRECISION,
      paramLabel = "NAME",
      description = {
        "Type in memory of the matrices under the adapter: fp32; bf16, to which they are rounded; or"
            + " auto. auto keeps weights in 16 or 4 bits as stored, with the same results; others"
            + " become fp32. Default: auto."
      })
  private @Nullable BasePrecision basePrecision;

  private @Nullable Adapter fresh;

  /** Refuses what does not fit together. */
  void check(long seed) {
    if (!isGiven() && basePrecision != null) {
      throw new Refusal(
          BASE_PRECISION,
          "has no effect without "
              + RANK
              + " or "
              + ADAPTER
              + ": weights that are trained are fp32");
    }
    if (rank == null) {
      Stream.of(
              option(ALPHA, alpha),
              option(TARGETS, targets),
              option(WHOLE, whole),
              option(RSLORA, rankStabilized))
          .flatMap(Optional::stream)
          .findFirst()
          .ifPresent(
              it -> {
                throw new Refusal(it, "has no effect without " + RANK);
              });
      return;
    }
    if (folder != null) {
      throw new Refusal(
          ADAPTER,
          "cannot be used with "
              + RANK
              + ": one continues an adapter, the other begins a new one; leave one of them out");
    }
    int used = rank;
    Adapter adapter = Refusal.naming(RANK, () -> Adapter.lora(used)).seed(seed);
    double factor = alpha == null ? used : alpha;
    alpha = factor; // for the record of the run
    Refusal.naming(ALPHA, () -> adapter.alpha(factor));
    String chosen = targets == null ? "all-linear" : targets;
    targets = chosen;
    if (NAMES.matcher(chosen).matches()) {
      adapter.targets(Splitter.on(',').splitToList(chosen));
    } else {
      adapter.targets(chosen);
    }
    if (whole != null) {
      adapter.modulesToSave(whole);
    }
    adapter.rankStabilized(Boolean.TRUE.equals(rankStabilized));
    fresh = adapter;
  }

  private static Optional<String> option(String name, @Nullable Object value) {
    return Optional.ofNullable(value).map(it -> name);
  }

  boolean isGiven() {
    return folder != null || rank != null;
  }

  Optional<Path> folder() {
    return Optional.ofNullable(folder);
  }

  DjlPolicyBuilder applyTo(DjlPolicyBuilder loading) {
    if (basePrecision != null) {
      loading.basePrecision(basePrecision);
    }
    if (folder != null) {
      loading.adapter(folder);
    } else if (fresh != null) {
      loading.adapter(fresh);
    }
    return loading;
  }

  /** The options that a run must be resumed with, beside the files. */
  Map<String, String> settings() {
    ImmutableMap.Builder<String, String> settings = ImmutableMap.builder();
    if (rank != null) {
      settings.put(
          "adapter",
          Stream.concat(
                  Stream.of("rank " + rank, "alpha " + alpha, targets, rslora()),
                  Stream.ofNullable(whole).map(it -> "modules to save " + String.join(",", it)))
              .collect(Collectors.joining(", ")));
    }
    if (basePrecision == BasePrecision.BF16) {
      settings.put("base precision", basePrecision.toString());
    }
    return settings.buildOrThrow();
  }

  private String rslora() {
    return Boolean.TRUE.equals(rankStabilized) ? "rsLoRA" : "LoRA";
  }
}
