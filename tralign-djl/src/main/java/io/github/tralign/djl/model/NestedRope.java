package io.github.tralign.djl.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rotary settings that depend on the kind of a layer, as Gemma 3 and OLMo 3 have them: {@code
 * rope_parameters} has an object for each kind. {@code rope_scaling} belongs to full layers only,
 * and its values take precedence.
 */
final class NestedRope {

  private static final Set<String> OF_ANY_LENGTH = Set.of("default", "linear", "llama3", "yarn");

  private NestedRope() {}

  /** The settings of the layers of a kind; an empty object if there are none. */
  static ConfigJson of(ConfigJson config, String kind) {
    Optional<ConfigJson> parameters = config.object("rope_parameters");
    parameters.ifPresent(NestedRope::checkKinds);
    ConfigJson own =
        parameters
            .flatMap(it -> it.object(kind))
            .orElseGet(() -> ConfigJson.of(config.file(), JsonNodeFactory.instance.objectNode()));
    if (kind.equals(LayerTypes.SLIDING)) {
      check(own);
      String type = own.stringOr(RotaryConfig.TYPE, own.stringOr(RotaryConfig.OLD_TYPE, "default"));
      if (!OF_ANY_LENGTH.contains(type)) {
        throw own.unexpected(
            own.contains(RotaryConfig.TYPE) ? RotaryConfig.TYPE : RotaryConfig.OLD_TYPE,
            "one of default, linear, llama3, yarn in layers with a sliding window");
      }
      return own;
    }
    Optional<ConfigJson> scaling = config.object("rope_scaling");
    if (scaling.isEmpty()) {
      check(own);
      return own;
    }
    ConfigJson merged = scaling.get();
    if (parameters.isEmpty()) {
      // transformers adds the type "default", which has precedence over the old name.
      if (!merged.contains(RotaryConfig.TYPE)
          && !merged.stringOr(RotaryConfig.OLD_TYPE, "default").equals("default")) {
        throw merged.unexpected(RotaryConfig.OLD_TYPE, "its newer name " + RotaryConfig.TYPE);
      }
    } else if (!parameters.get().has(kind)) {
      throw parameters.get().unexpected(kind, "an object, since rope_scaling is present");
    } else {
      for (Map.Entry<String, JsonNode> entry : own.json().properties()) {
        if (!merged.contains(entry.getKey())) {
          merged = merged.with(entry.getKey(), entry.getValue());
        }
      }
    }
    check(merged);
    return merged;
  }

  private static void checkKinds(ConfigJson parameters) {
    for (Map.Entry<String, JsonNode> entry : parameters.json().properties()) {
      if (!LayerTypes.ALL.contains(entry.getKey())) {
        throw parameters.unexpected(
            entry.getKey(), "no such key, only " + String.join(" and ", LayerTypes.ALL));
      }
    }
  }

  private static void check(ConfigJson rope) {
    if (!rope.booleanOr("truncate", true)) {
      throw rope.unexpected("truncate", "true, since it has no effect for a kind of layers");
    }
  }
}
