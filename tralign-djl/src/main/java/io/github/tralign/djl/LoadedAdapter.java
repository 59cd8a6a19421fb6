package io.github.tralign.djl;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.adapter.AdapterConfig;
import io.github.tralign.djl.adapter.AdapterFolder;
import io.github.tralign.djl.adapter.AdapterModule;
import io.github.tralign.djl.adapter.AdapterModules;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.huggingface.InvalidKeyException;
import io.github.tralign.djl.huggingface.TensorSource;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.hub.HubCache;
import io.github.tralign.hub.HubReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An adapter that is trained.
 *
 * @param config its {@code adapter_config.json}
 * @param modules the matrices that it changes
 * @param whole the parameters of the model that it replaces by copies of its own
 * @param values A, B and the scaling of each module, and the copies unless they begin as the
 *     model's, by name
 */
record LoadedAdapter(
    ObjectNode config,
    ImmutableList<AdapterModule> modules,
    ImmutableList<Parameter> whole,
    Parameters values) {

  /** The parameters of modules: for each A, B and the scaling. */
  static ImmutableList<Parameter> parameters(List<AdapterModule> modules) {
    return modules.stream()
        .flatMap(it -> Stream.of(it.a(), it.b(), it.scale()))
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * Reads the weights of a model, but for those that an adapter has values for. What it replaces is
   * fp32, since it is trained.
   */
  static Parameters base(
      Optional<LoadedAdapter> adapter,
      CheckpointFolder folder,
      SavedModel model,
      BasePrecision precision,
      NDManager manager,
      Kernels kernels) {
    List<Parameter> whole = adapter.map(LoadedAdapter::whole).orElse(ImmutableList.of());
    return Parameters.load(
        folder,
        model,
        model.architecture().parameters().stream()
            .filter(it -> adapter.filter(its -> its.values().find(it).isPresent()).isEmpty())
            .toList(),
        it -> whole.contains(it) ? BasePrecision.FP32 : precision,
        manager,
        kernels);
  }

  /** Reads an adapter that PEFT or a policy saved. */
  static LoadedAdapter read(Path folder, Architecture model, NDManager manager, Kernels kernels) {
    try (AdapterFolder adapter = AdapterFolder.open(folder, model)) {
      ImmutableList<Parameter> matrices =
          adapter.modules().stream()
              .flatMap(it -> Stream.of(it.a(), it.b()))
              .collect(ImmutableList.toImmutableList());
      ImmutableList<Parameter> whole = adapter.replaced().keySet().asList();
      return new LoadedAdapter(
          adapter.config().json().json(),
          adapter.modules(),
          whole,
          Parameters.load(matrices, Parameter::name, adapter.file(), manager, kernels)
              .plus(
                  Parameters.load(
                      whole, AdapterModule::replacing, adapter.file(), manager, kernels))
              .plus(scales(adapter.modules(), manager)));
    }
  }

  /** Where PEFT finds the base model: a model of the local cache by its name, else a folder. */
  private static ObjectNode named(Path base, ObjectNode config) {
    Optional<HubReference> name =
        HubCache.ofEnvironment()
            .nameOf(base)
            .flatMap(it -> HubReference.parse(HubReference.Kind.MODEL, it))
            .filter(it -> it.path().isEmpty());
    name.ifPresent(it -> config.put("revision", it.revision()));
    return config.put(
        "base_model_name_or_path", name.map(HubReference::repo).orElseGet(base::toString));
  }

  /**
   * Makes a fresh adapter.
   *
   * @throws io.github.tralign.InvalidSettingException if a setting is invalid for the model
   */
  static LoadedAdapter make(Adapter settings, Path base, Architecture model, NDManager manager) {
    ObjectNode json = named(base, settings.config());
    AdapterConfig config;
    ImmutableList<AdapterModule> modules;
    try {
      config = AdapterConfig.of(ConfigJson.of(base, json));
      modules = AdapterModules.of(config, model);
    } catch (InvalidKeyException e) {
      throw Adapter.invalid(e);
    }
    if (config.targetsAll()) { // spelled out, as PEFT does for other programs
      ArrayNode paths = json.putArray("target_modules");
      modules.forEach(it -> paths.add(it.path()));
    }
    json.put("fan_in_fan_out", modules.stream().allMatch(AdapterModule::isTransposed));
    ImmutableMap.Builder<String, NDArray> values = ImmutableMap.builder();
    for (AdapterModule module : modules) {
      Parameter a = module.a();
      float[] drawn =
          new RandomValues(settings.seed(), a.name())
              .uniform(1 / Math.sqrt(module.in()), Math.toIntExact(a.size()));
      values.put(a.name(), manager.create(drawn, new Shape(a.dimensions().toArray())));
      values.put(module.b().name(), Parameters.zeros(module.b(), manager));
    }
    return new LoadedAdapter(
        json,
        modules,
        AdapterModules.replaced(config, model),
        new Parameters(values.buildOrThrow()).plus(scales(modules, manager)));
  }

  /** Sources of what a model's adapter has, by PEFT's names. */
  static Map<String, TensorSource> sources(DjlModel model) {
    Decoder decoder = model.decoder();
    Architecture architecture = decoder.architecture();
    Map<String, TensorSource> sources =
        new TreeMap<>(
            model
                .tensors()
                .only(architecture.trainable())
                .sources(decoder.manager(), decoder.kernels()));
    for (Parameter copied : architecture.weights().whole()) {
      sources.put(AdapterModule.replacing(copied), requireNonNull(sources.remove(copied.name())));
    }
    return sources;
  }

  private static Parameters scales(List<AdapterModule> modules, NDManager manager) {
    ImmutableMap.Builder<String, NDArray> scales = ImmutableMap.builder();
    for (AdapterModule module : modules) {
      NDArray scale = manager.create((float) module.scaling());
      scales.put(module.scale().name(), scale.toType(DataType.FLOAT32, false));
    }
    return new Parameters(scales.buildOrThrow());
  }
}
