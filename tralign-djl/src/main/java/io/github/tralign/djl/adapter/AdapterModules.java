package io.github.tralign.djl.adapter;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the matrices of a model that an adapter changes. */
public final class AdapterModules {

  /** The head's name in transformers; that of GPT-NeoX was another one before version 5. */
  private static final String HEAD = "lm_head";

  private AdapterModules() {}

  /**
   * The matrices that an adapter changes, in the model's order.
   *
   * @throws InvalidInputException if the config names none, or one that is not supported
   */
  public static ImmutableList<AdapterModule> of(AdapterConfig config, Architecture model) {
    checkOutside(config, model);
    ImmutableList<Parameter> whole = replaced(config, model);
    checkNames(config, model);
    checkLeft(config, model);
    ImmutableList<AdapterModule> modules =
        model.parameters().stream()
            .filter(it -> it.isMatrix() && it.layer() != Parameter.NO_LAYER)
            .filter(it -> config.targets().contains(AdapterModule.path(it)))
            .map(
                it ->
                    new AdapterModule(
                        it,
                        config.rank(AdapterModule.path(it)),
                        config.scaling(AdapterModule.path(it))))
            .collect(toImmutableList());
    modules.forEach(it -> check(it, config));
    for (AdapterModule module : modules) {
      if (whole.contains(module.matrix())) {
        throw config
            .json()
            .unexpected(
                TargetModules.SAVED,
                "no module that "
                    + TargetModules.TARGETS
                    + " names too, such as '"
                    + module.path()
                    + "'");
      }
    }
    return modules;
  }

  /** Rejects what fp32 or the matrix has no room for. */
  private static void check(AdapterModule module, AdapterConfig config) {
    long most = Math.max(module.in(), module.out());
    if (module.rank() > most) {
      throw config
          .json()
          .unexpected(
              "r",
              String.format(
                  Locale.ROOT,
                  "at most %d, since '%s' has the shape %s; beyond the smaller side a higher rank adds nothing",
                  most,
                  module.path(),
                  module.matrix().dimensions()));
    }
    if (!(module.scaling() > 0) || !Float.isFinite((float) module.scaling())) {
      throw config
          .json()
          .unexpected(
              "lora_alpha",
              "a number > 0 whose quotient by the rank fits in fp32, for '" + module.path() + "'");
    }
  }

  /**
   * The parameters that an adapter replaces as a whole, in the model's order.
   *
   * @throws InvalidInputException if a name matches none, or is of a head whose name depends on the
   *     version of transformers, or the model ties the embedding and the head and one of both is
   *     named: it would become a matrix of its own
   */
  public static ImmutableList<Parameter> replaced(AdapterConfig config, Architecture model) {
    String embedding = AdapterModule.path(model.weights().embedding());
    if (model.weights().tied()
        && (config.replaces(model.headName()) || config.replaces(embedding))) {
      throw config
          .json()
          .unexpected(
              TargetModules.SAVED, "neither the embedding nor the head, since the model ties both");
    }
    if (!model.headName().equals(HEAD) && config.replaces(model.headName())) {
      throw config
          .json()
          .unexpected(
              TargetModules.SAVED,
              "not the head '"
                  + model.headName()
                  + "', which newer versions of transformers call '"
                  + HEAD
                  + "': PEFT ignores it by one name or the other");
    }
    for (String name : config.saved()) {
      if (model.parameters().stream()
          .noneMatch(it -> AdapterConfig.replaces(name, AdapterModule.path(it)))) {
        throw config
            .json()
            .unexpected(
                TargetModules.SAVED,
                "names of the model's modules, such as "
                    + example(model)
                    + "; '"
                    + name
                    + "' matches none");
      }
    }
    return model.parameters().stream()
        .filter(it -> config.replaces(AdapterModule.path(it)))
        .collect(toImmutableList());
  }

  private static void checkOutside(AdapterConfig config, Architecture model) {
    for (Parameter parameter : model.weights().ofLayer(Parameter.NO_LAYER)) {
      if (parameter.isMatrix() && config.targets().names(AdapterModule.path(parameter))) {
        throw config
            .json()
            .unexpected(
                TargetModules.TARGETS,
                "matrices in the layers only; '"
                    + AdapterModule.path(parameter)
                    + "' is the embedding or the head, which "
                    + (model.weights().tied()
                        ? "is not supported"
                        : "can be trained only as a whole, with " + TargetModules.SAVED));
      }
    }
  }

  /** PEFT ignores a name that matches nothing; here it is an error. */
  private static void checkNames(AdapterConfig config, Architecture model) {
    List<String> modules =
        model.parameters().stream().filter(Parameter::isMatrix).map(AdapterModule::path).toList();
    List<String> unknown = config.targets().without(modules);
    if (!unknown.isEmpty()) {
      throw unexpected(config, model, "'" + unknown.get(0) + "' matches none");
    }
  }

  private static void checkLeft(AdapterConfig config, Architecture model) {
    List<String> matrices =
        model.parameters().stream()
            .filter(it -> it.isMatrix() && it.layer() != Parameter.NO_LAYER)
            .map(AdapterModule::path)
            .toList();
    Optional<String> emptying = config.targets().emptying(matrices);
    if (emptying.isPresent() && emptying.get().equals(TargetModules.TARGETS)) {
      throw unexpected(config, model, "it matches none");
    }
    if (emptying.isPresent()) {
      throw config
          .json()
          .unexpected(
              emptying.get(),
              "a value that leaves a matrix of those that "
                  + TargetModules.TARGETS
                  + " names; it leaves none");
    }
  }

  private static InvalidInputException unexpected(
      AdapterConfig config, Architecture model, String problem) {
    return config
        .json()
        .unexpected(
            TargetModules.TARGETS,
            "names of the model's matrices, such as " + example(model) + "; " + problem);
  }

  static String example(Architecture model) {
    return model.parameters().stream()
        .filter(it -> it.isMatrix() && it.layer() != Parameter.NO_LAYER)
        .map(AdapterModule::path)
        .findFirst()
        .orElseThrow();
  }
}
