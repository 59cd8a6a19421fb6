package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.Arrays;
import java.util.Objects;

/**
 * The settings of a loss, by option.
 *
 * @param values of each setting that the loss has
 * @param seed of what a loss draws
 */
record LossSettings(ImmutableMap<String, Object> values, long seed) {

  static final String BETA = "--beta";

  /** In place of {@link #BETA}. */
  static final String BETA_LAG = "--beta-lag";

  static final String LABEL_SMOOTHING = "--label-smoothing";
  static final String GAMMA = "--gamma";
  static final String ALPHA = "--alpha";
  static final String MARGIN = "--margin";
  static final String SFT_WEIGHT = "--sft-weight";
  static final String DESIRABLE_WEIGHT = "--desirable-weight";
  static final String UNDESIRABLE_WEIGHT = "--undesirable-weight";
  static final String TEMPERATURE = "--temperature";
  static final String OFFSET = "--offset";
  static final String PENALTY = "--penalty";
  static final String CALIBRATION = "--calibration";
  static final String ETA = "--eta";
  static final String SCALE = "--scale";
  static final String KEPT = "--kept";
  static final String MOMENTUM = "--momentum";
  static final String DETACHED = "--detached";

  /** The options that are settings of some loss. */
  static ImmutableSet<String> options() {
    return Arrays.stream(LossKind.values())
        .flatMap(kind -> kind.defaults.keySet().stream())
        .collect(ImmutableSet.toImmutableSet());
  }

  double beta() {
    return number(BETA);
  }

  double number(String option) {
    return (Double) value(option);
  }

  boolean truth(String option) {
    return (Boolean) value(option);
  }

  OffsetKind offset() {
    return (OffsetKind) value(OFFSET);
  }

  private Object value(String option) {
    return Objects.requireNonNull(values.get(option), option);
  }
}
