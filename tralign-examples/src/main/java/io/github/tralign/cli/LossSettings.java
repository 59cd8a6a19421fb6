package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * Numbers that a loss is made of, by option.
 *
 * @param values one for each option that means something to the loss
 */
record LossSettings(ImmutableMap<String, Double> values) {

  static final String BETA = "--beta";
  static final String LABEL_SMOOTHING = "--label-smoothing";
  static final String DESIRABLE_WEIGHT = "--desirable-weight";
  static final String UNDESIRABLE_WEIGHT = "--undesirable-weight";
  static final String SFT_WEIGHT = "--sft-weight";
  static final String GAMMA = "--gamma";
  static final String ALPHA = "--alpha";
  static final String ETA = "--eta";
  static final String SCALE = "--scale";
  static final String TEMPERATURE = "--temperature";
  static final String PENALTY = "--penalty";
  static final String CALIBRATION = "--calibration";
  static final String MARGIN = "--margin";

  static LossSettings of(String option, double value) {
    return new LossSettings(ImmutableMap.of(option, value));
  }

  static LossSettings beta(double value) {
    return of(BETA, value);
  }

  /** The same with one more. */
  LossSettings and(String option, double value) {
    return new LossSettings(
        ImmutableMap.<String, Double>builder().putAll(values).put(option, value).build());
  }

  /** The same with what is given in the place of its defaults. */
  LossSettings with(Map<String, Double> given) {
    return new LossSettings(
        ImmutableMap.<String, Double>builder().putAll(values).putAll(given).buildKeepingLast());
  }

  double beta() {
    return get(BETA);
  }

  double get(String option) {
    Double value = values.get(option);
    if (value == null) {
      throw new IllegalStateException("the loss's table has no default for " + option);
    }
    return value;
  }
}
