package io.github.tralign.djl.adapter;

import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which modules of a model an adapter has matrices for, by the rules of PEFT. A module is a path
 * such as {@code model.layers.0.self_attn.q_proj}.
 */
final class TargetModules {

  static final String TARGETS = "target_modules";
  static final String EXCLUDED = "exclude_modules";
  static final String LAYERS = "layers_to_transform";
  static final String LAYERS_PATTERN = "layers_pattern";

  /** All matrices but the head. */
  private static final String ALL = "all-linear";

  private final boolean all;
  private final List<String> names; // empty for a pattern
  private final Predicate<String> included;
  private final Predicate<String> excluded;

  private TargetModules(
      boolean all, List<String> names, Predicate<String> included, Predicate<String> excluded) {
    this.all = all;
    this.names = names;
    this.included = included;
    this.excluded = excluded;
  }

  /**
   * Reads the keys that choose modules.
   *
   * @param saved the modules that are replaced as a whole, which are never targets
   */
  static TargetModules of(ConfigJson config, List<String> saved) {
    if (!config.has(TARGETS)) {
      throw config.unexpected(TARGETS, "a list of modules' names, a regular expression or " + ALL);
    }
    Predicate<String> excluded = config.has(EXCLUDED) ? named(config, EXCLUDED) : it -> false;
    List<Pattern> whole =
        saved.stream()
            .map(
                it ->
                    ModulePatterns.compile("(|.*\\.)" + it + "(|\\..*)", config, "modules_to_save"))
            .toList();
    Predicate<String> never =
        excluded.or(module -> whole.stream().anyMatch(it -> it.matcher(module).matches()));
    boolean listed = config.json().get(TARGETS).isArray();
    Predicate<String> included =
        listed ? named(config, TARGETS).and(layers(config)) : named(config, TARGETS);
    if (!listed && config.has(LAYERS)) {
      throw config.unexpected(LAYERS, "null unless " + TARGETS + " is a list");
    }
    boolean all = !listed && config.requiredString(TARGETS).equalsIgnoreCase(ALL);
    return new TargetModules(all, listed ? config.strings(TARGETS) : List.of(), included, never);
  }

  /** A list of names, each of a whole path or of its end, or a regular expression for the path. */
  private static Predicate<String> named(ConfigJson config, String key) {
    if (config.json().get(key).isArray()) {
      List<String> names = config.strings(key);
      return module -> names.stream().anyMatch(it -> isNamed(module, it));
    }
    String text = config.requiredString(key);
    if (key.equals(TARGETS) && text.equalsIgnoreCase(ALL)) {
      return module -> true;
    }
    Pattern pattern = ModulePatterns.compile(text, config, key);
    return module -> pattern.matcher(module).matches();
  }

  private static boolean isNamed(String module, String name) {
    return module.equals(name) || module.endsWith("." + name);
  }

  /** The number of a module's layer is the first one in its path, behind the given names. */
  private static Predicate<String> layers(ConfigJson config) {
    List<Integer> numbers = config.intOrInts(LAYERS);
    if (numbers.isEmpty()) {
      return module -> true;
    }
    List<String> behind = List.of();
    if (config.has(LAYERS_PATTERN)) {
      behind =
          config.json().get(LAYERS_PATTERN).isArray()
              ? config.strings(LAYERS_PATTERN)
              : List.of(config.requiredString(LAYERS_PATTERN));
    }
    ImmutableList.Builder<Pattern> patterns = ImmutableList.builder();
    if (behind.isEmpty()) {
      patterns.add(Pattern.compile(".*?\\.[^.]*\\.(\\d+)\\."));
    }
    for (String name : behind) {
      patterns.add(
          ModulePatterns.compile("(?:^|.*?\\.)" + name + "\\.(\\d+)\\.", config, LAYERS_PATTERN));
    }
    List<Pattern> all = patterns.build();
    return module ->
        all.stream()
            .map(it -> it.matcher(module))
            .filter(Matcher::lookingAt)
            .findFirst()
            .filter(it -> numbers.contains(Integer.parseInt(it.group(it.groupCount()))))
            .isPresent();
  }

  /** Whether a name or a pattern, not just {@code all-linear}, selects a module. */
  boolean names(String module) {
    return !all && contains(module);
  }

  /** Whether this is {@code all-linear}. */
  boolean areAll() {
    return all;
  }

  /** Whether an adapter has matrices for a module. */
  boolean contains(String module) {
    return included.test(module) && !excluded.test(module);
  }

  /** The listed names that none of the modules has; empty for a pattern. */
  List<String> without(List<String> modules) {
    return names.stream()
        .filter(name -> modules.stream().noneMatch(it -> isNamed(it, name)))
        .toList();
  }
}
