package io.github.tralign.djl.adapter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  static final String SAVED = "modules_to_save";

  /** All matrices but the head. */
  private static final String ALL = "all-linear";

  private final boolean all;
  private final List<String> names; // empty for a pattern
  private final ImmutableMap<String, Predicate<String>> conditions; // by key, in order

  private TargetModules(
      boolean all, List<String> names, ImmutableMap<String, Predicate<String>> conditions) {
    this.all = all;
    this.names = names;
    this.conditions = conditions;
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
    List<Pattern> whole =
        saved.stream()
            .map(it -> ModulePatterns.compile("(|.*\\.)" + it + "(|\\..*)", config, SAVED))
            .toList();
    boolean listed = config.json().get(TARGETS).isArray();
    if (!listed && config.has(LAYERS)) {
      throw config.unexpected(LAYERS, "null unless " + TARGETS + " is a list");
    }
    Predicate<String> excluded = config.has(EXCLUDED) ? named(config, EXCLUDED) : it -> false;
    return new TargetModules(
        !listed && config.requiredString(TARGETS).equalsIgnoreCase(ALL),
        listed ? config.strings(TARGETS) : List.of(),
        ImmutableMap.of(
            TARGETS,
            named(config, TARGETS),
            LAYERS,
            listed ? layers(config) : it -> true,
            EXCLUDED,
            excluded.negate(),
            SAVED,
            module -> whole.stream().noneMatch(it -> it.matcher(module).matches())));
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
    return conditions.values().stream().allMatch(it -> it.test(module));
  }

  /** The key that leaves none of the modules, if there is one. */
  Optional<String> emptying(List<String> modules) {
    List<String> left = modules;
    for (Map.Entry<String, Predicate<String>> condition : conditions.entrySet()) {
      left = left.stream().filter(condition.getValue()).toList();
      if (left.isEmpty()) {
        return Optional.of(condition.getKey());
      }
    }
    return Optional.empty();
  }

  /** The listed names that none of the modules has; empty for a pattern. */
  List<String> without(List<String> modules) {
    return names.stream()
        .filter(name -> modules.stream().noneMatch(it -> isNamed(it, name)))
        .toList();
  }
}
