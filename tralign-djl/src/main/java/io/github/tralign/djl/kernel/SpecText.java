package io.github.tralign.djl.kernel;

import com.google.common.collect.Lists;
import io.github.tralign.djl.model.DecoderSpec;
import java.util.List;
import java.util.Locale;

/** Writes a model's settings as TorchScript methods that return constants. */
final class SpecText {

  private SpecText() {}

  static String of(DecoderSpec spec) {
    return method("heads", "int", spec.heads())
        + method("key_value_heads", "int", spec.keyValueHeads())
        + method("head_size", "int", spec.headSize())
        + method("interleaved", "bool", python(spec.interleaved()))
        + method("parallel", "bool", python(spec.parallel()))
        + method("centers", "bool", python(spec.norm() == DecoderSpec.Norm.LAYER))
        + method("epsilon", "float", spec.epsilon())
        + method("weight_offset", "float", spec.normOffset())
        + method("residual_scale", "float", spec.residualScale())
        + method("logit_scale", "float", spec.logitScale())
        + method("score_scale", "float", spec.scoreScale())
        + method("scores_by_layer", "bool", python(spec.scoresByLayer()))
        + method("score_cap", "float", spec.scoreCap())
        + method("windows", "int", spec.windows().length())
        + method("activation_name", "str", '"' + spec.activation().kernelName() + '"')
        + ofLayer("rotary", spec.rotaryOfLayer().asList())
        + ofLayer(
            "window_index",
            Lists.transform(spec.windowOfLayer().asList(), spec.windows()::indexOf));
  }

  private static String ofLayer(String name, List<Integer> values) {
    return String.format(
        Locale.ROOT,
        "  def %s(self: __torch__.Kernels, i: int) -> int:\n"
            + "    return annotate(List[int], %s)[i]\n\n",
        name,
        values);
  }

  private static String method(String name, String type, Object value) {
    return String.format(
        Locale.ROOT,
        "  def %s(self: __torch__.Kernels) -> %s:\n    return %s\n\n",
        name,
        type,
        value);
  }

  private static String python(boolean value) {
    return value ? "True" : "False";
  }
}
