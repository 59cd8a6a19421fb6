package io.github.tralign.djl.adapter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.SafetensorsFile;
import io.github.tralign.djl.huggingface.TensorInfo;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeSet;

/**
 * A LoRA adapter in a folder as PEFT saves it, checked against the model that it is for.
 *
 * <p>Every tensor must have a place in the model, and every module that the config names must have
 * its tensors, so that nothing is missing and nothing is lost.
 */
public final class AdapterFolder implements AutoCloseable {

  /** The file with the settings. */
  public static final String CONFIG = "adapter_config.json";

  /** The file with the tensors. */
  public static final String WEIGHTS = "adapter_model.safetensors";

  private static final String PICKLE = "adapter_model.bin";

  private final AdapterConfig config;
  private final SafetensorsFile file;
  private final ImmutableList<AdapterModule> modules;
  private final ImmutableMap<Parameter, String> replaced;

  private AdapterFolder(
      AdapterConfig config,
      SafetensorsFile file,
      ImmutableList<AdapterModule> modules,
      ImmutableMap<Parameter, String> replaced) {
    this.config = config;
    this.file = file;
    this.modules = modules;
    this.replaced = replaced;
  }

  /**
   * Opens a folder.
   *
   * @throws InvalidInputException if a file is missing or invalid, has a setting that is not
   *     supported, or does not fit the model
   */
  public static AdapterFolder open(Path folder, Architecture model) {
    if (!Files.isDirectory(folder)) {
      throw new InvalidInputException(folder + ": no such adapter folder");
    }
    if (!Files.exists(folder.resolve(CONFIG))) {
      throw new InvalidInputException(
          folder + ": has no " + CONFIG + "; expected the folder of a PEFT adapter");
    }
    AdapterConfig config = AdapterConfig.read(folder.resolve(CONFIG));
    if (!Files.exists(folder.resolve(WEIGHTS)) && Files.exists(folder.resolve(PICKLE))) {
      throw new InvalidInputException(
          folder.resolve(PICKLE)
              + ": pickle files are never read because loading them can run code; save the adapter"
              + " with PEFT's save_pretrained, which writes "
              + WEIGHTS);
    }
    ImmutableList<AdapterModule> modules = AdapterModules.of(config, model);
    SafetensorsFile file = SafetensorsFile.open(folder.resolve(WEIGHTS));
    try {
      return new Check(config, file, model).checked(modules);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The settings. */
  public AdapterConfig config() {
    return config;
  }

  /** The file with the tensors. */
  public SafetensorsFile file() {
    return file;
  }

  /** The matrices that are changed, in the model's order. */
  public ImmutableList<AdapterModule> modules() {
    return modules;
  }

  /** For each parameter that is replaced as a whole, the name of the tensor. */
  public ImmutableMap<Parameter, String> replaced() {
    return replaced;
  }

  /** Closes the file. */
  @Override
  public void close() {
    file.close();
  }

  /** Compares the tensors of a file with those that the config requires. */
  private static final class Check {

    private final AdapterConfig config;
    private final SafetensorsFile file;
    private final Architecture model;
    private final TreeSet<String> left;

    Check(AdapterConfig config, SafetensorsFile file, Architecture model) {
      this.config = config;
      this.file = file;
      this.model = model;
      left = new TreeSet<>(file.tensors().keySet());
    }

    AdapterFolder checked(ImmutableList<AdapterModule> modules) {
      for (AdapterModule module : modules) {
        check(module.a().name(), module.a().dimensions());
        check(module.b().name(), module.b().dimensions());
      }
      ImmutableMap.Builder<Parameter, String> replaced = ImmutableMap.builder();
      for (Parameter parameter : AdapterModules.replaced(config, model)) {
        String tensor = AdapterModule.replacing(parameter);
        check(tensor, parameter.dimensions());
        replaced.put(parameter, tensor);
      }
      if (!left.isEmpty()) {
        throw invalid(
            "the tensor '%s' has no place in the model; expected tensors of the modules that %s of"
                + " %s names, such as %s",
            left.first(), TargetModules.TARGETS, CONFIG, AdapterModules.example(model));
      }
      return new AdapterFolder(config, file, modules, replaced.buildOrThrow());
    }

    private void check(String tensor, ImmutableLongArray dimensions) {
      TensorInfo info = file.tensors().get(tensor);
      if (info == null || !info.dimensions().equals(dimensions)) {
        throw invalid(
            "expected a tensor '%s' of shape %s, found %s; the config may be of another adapter, or the"
                + " adapter for another model%s",
            tensor,
            dimensions,
            info == null ? "none" : info.dimensions(),
            config.baseModel().map(it -> " (" + it + ")").orElse(""));
      }
      left.remove(tensor);
    }

    private InvalidInputException invalid(String what, Object... of) {
      return new InvalidInputException(file.path() + ": " + String.format(Locale.ROOT, what, of));
    }
  }
}
