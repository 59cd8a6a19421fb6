package io.github.tralign.cli;

import io.github.tralign.optimizer.ParameterGroup;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a group of parameters: the pattern of their names, then settings as {@code name=value},
 * with colons between. What a group's {@code toString} writes is read as the same group.
 */
final class GroupConverter implements ITypeConverter<ParameterGroup> {

  private static final String FACTOR = "lr-factor";
  private static final String DECAY = "weight-decay";

  @Override
  public ParameterGroup convert(String text) {
    List<String> parts = List.of(text.split(":", -1));
    try {
      ParameterGroup group = ParameterGroup.of(parts.get(0));
      if (parts.size() == 1) {
        throw new IllegalArgumentException(
            "sets nothing; expected a pattern with settings, as in *.bias:lr-factor=0.1");
      }
      Map<String, String> given =
          NamedSettings.read("a group", List.of(FACTOR, DECAY), parts.subList(1, parts.size()));
      if (given.containsKey(FACTOR)) {
        group = group.learningRateFactor(NamedSettings.number(FACTOR, given.get(FACTOR)));
      }
      return given.containsKey(DECAY)
          ? group.weightDecay(NamedSettings.number(DECAY, given.get(DECAY)))
          : group;
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "': " + e.getMessage());
    }
  }
}
