package io.github.tralign.cli;

import static io.github.tralign.cli.LossSettings.ALPHA;
import static io.github.tralign.cli.LossSettings.BETA;
import static io.github.tralign.cli.LossSettings.CALIBRATION;
import static io.github.tralign.cli.LossSettings.DESIRABLE_WEIGHT;
import static io.github.tralign.cli.LossSettings.DETACHED;
import static io.github.tralign.cli.LossSettings.ETA;
import static io.github.tralign.cli.LossSettings.GAMMA;
import static io.github.tralign.cli.LossSettings.KEPT;
import static io.github.tralign.cli.LossSettings.LABEL_SMOOTHING;
import static io.github.tralign.cli.LossSettings.MARGIN;
import static io.github.tralign.cli.LossSettings.MOMENTUM;
import static io.github.tralign.cli.LossSettings.OFFSET;
import static io.github.tralign.cli.LossSettings.PENALTY;
import static io.github.tralign.cli.LossSettings.SCALE;
import static io.github.tralign.cli.LossSettings.SFT_WEIGHT;
import static io.github.tralign.cli.LossSettings.TEMPERATURE;
import static io.github.tralign.cli.LossSettings.UNDESIRABLE_WEIGHT;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.TR;
import io.github.tralign.loss.AlignmentLoss;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The losses that {@code --loss} knows: name, defaults of the settings that it has, and how it is
 * built from them. A test compares {@code docs/losses.md} with this table.
 */
enum LossKind {
  DPO(
      "dpo",
      ImmutableMap.of(BETA, 0.1, LABEL_SMOOTHING, 0.0),
      it -> TR.dpo(it.beta()).labelSmoothing(it.number(LABEL_SMOOTHING))),
  ROBUST(
      "robust",
      ImmutableMap.of(BETA, 0.1, LABEL_SMOOTHING, 0.1),
      it -> TR.robust(it.beta(), it.number(LABEL_SMOOTHING))),
  HINGE("hinge", ImmutableMap.of(BETA, 0.1), it -> TR.hinge(it.beta())),
  IPO("ipo", ImmutableMap.of(BETA, 0.1), it -> TR.ipo(it.beta())),
  IPO_MEAN("ipo-mean", ImmutableMap.of(BETA, 0.1), it -> TR.ipoMean(it.beta())),
  DPO_NORM("dpo-norm", ImmutableMap.of(BETA, 5.0), it -> TR.dpoNorm(it.beta())),
  EXO(
      "exo",
      ImmutableMap.of(BETA, 0.1, LABEL_SMOOTHING, 0.001),
      it -> TR.exo(it.beta()).labelSmoothing(it.number(LABEL_SMOOTHING))),
  NCA("nca", ImmutableMap.of(BETA, 0.1), it -> TR.nca(it.beta())),
  BCO_PAIR("bco-pair", ImmutableMap.of(BETA, 0.1), it -> TR.bcoPair(it.beta())),
  BCO_PAIR_SHIFT("bco-pair-shift", ImmutableMap.of(BETA, 0.1), it -> TR.bcoPairShift(it.beta())),
  SPPO("sppo", ImmutableMap.of(BETA, 0.001), it -> TR.sppo(it.beta())),
  SPPO_HARD("sppo-hard", ImmutableMap.of(BETA, 0.001), it -> TR.sppoHard(it.beta())),
  AOT(
      "aot",
      ImmutableMap.of(BETA, 0.1, LABEL_SMOOTHING, 0.0),
      it -> TR.aot(it.beta()).labelSmoothing(it.number(LABEL_SMOOTHING))),
  AOT_UNPAIRED(
      "aot-unpaired",
      ImmutableMap.of(BETA, 0.1, LABEL_SMOOTHING, 0.0),
      it -> TR.aotUnpaired(it.beta()).labelSmoothing(it.number(LABEL_SMOOTHING))),
  APO_ZERO("apo-zero", ImmutableMap.of(BETA, 0.1), it -> TR.apoZero(it.beta())),
  APO_DOWN("apo-down", ImmutableMap.of(BETA, 0.1), it -> TR.apoDown(it.beta())),
  DISCOPOP(
      "discopop",
      ImmutableMap.of(BETA, 0.1, TEMPERATURE, 0.05),
      it -> TR.discopop(it.beta()).temperature(it.number(TEMPERATURE))),
  ODPO(
      "odpo",
      ImmutableMap.of(BETA, 0.1, ALPHA, 1.0, OFFSET, OffsetKind.LOG),
      it -> TR.odpo(it.beta()).alpha(it.number(ALPHA)).offset(it.offset().offset)),
  DPOP(
      "dpop",
      ImmutableMap.of(BETA, 0.1, PENALTY, 50.0),
      it -> TR.dpop(it.beta()).penalty(it.number(PENALTY))),
  CAL_DPO(
      "cal-dpo",
      ImmutableMap.of(BETA, 0.1, CALIBRATION, 0.5),
      it -> TR.calDpo(it.beta()).calibration(it.number(CALIBRATION))),
  RPO_BWD_KL(
      "rpo-bwd-kl",
      ImmutableMap.of(BETA, 0.2, ETA, 1.0),
      it -> TR.rpoBwdKl(it.beta()).eta(it.number(ETA))),
  RPO_FWD_KL(
      "rpo-fwd-kl",
      ImmutableMap.of(BETA, 0.2, ETA, 1.0),
      it -> TR.rpoFwdKl(it.beta()).eta(it.number(ETA))),
  RPO_SQ(
      "rpo-sq",
      ImmutableMap.of(BETA, 0.2, ETA, 1.0),
      it -> TR.rpoSq(it.beta()).eta(it.number(ETA))),
  BETA_DPO(
      "beta-dpo",
      ImmutableMap.of(BETA, 0.1, SCALE, 0.6, KEPT, 0.8, MOMENTUM, 0.9),
      it ->
          TR.betaDpo(it.beta())
              .scale(it.number(SCALE))
              .kept(it.number(KEPT))
              .momentum(it.number(MOMENTUM))
              .seed(it.seed())),
  TDPO1("tdpo1", ImmutableMap.of(BETA, 0.1), it -> TR.tdpo1(it.beta())),
  TDPO2(
      "tdpo2",
      ImmutableMap.of(BETA, 0.1, ALPHA, 0.5),
      it -> TR.tdpo2(it.beta()).alpha(it.number(ALPHA))),
  KTO_PAIR(
      "kto-pair",
      ImmutableMap.of(BETA, 0.1, DETACHED, false),
      it -> TR.ktoPair(it.beta()).detached(it.truth(DETACHED))),
  KTO(
      "kto",
      ImmutableMap.of(BETA, 0.1, DESIRABLE_WEIGHT, 1.0, UNDESIRABLE_WEIGHT, 1.0),
      it -> TR.kto(it.beta()).weights(it.number(DESIRABLE_WEIGHT), it.number(UNDESIRABLE_WEIGHT))),
  APO_ZERO_UNPAIRED(
      "apo-zero-unpaired",
      ImmutableMap.of(BETA, 0.1, DESIRABLE_WEIGHT, 1.0, UNDESIRABLE_WEIGHT, 1.0),
      it ->
          TR.apoZeroUnpaired(it.beta())
              .weights(it.number(DESIRABLE_WEIGHT), it.number(UNDESIRABLE_WEIGHT))),
  BCO("bco", ImmutableMap.of(BETA, 0.1), it -> TR.bco(it.beta())),
  SIMPO(
      "simpo",
      ImmutableMap.of(BETA, 2.0, GAMMA, 0.5, LABEL_SMOOTHING, 0.0),
      it -> TR.simpo(it.beta(), it.number(GAMMA)).labelSmoothing(it.number(LABEL_SMOOTHING))),
  CPO(
      "cpo",
      ImmutableMap.of(BETA, 0.1, LABEL_SMOOTHING, 0.0, SFT_WEIGHT, 1.0),
      it ->
          TR.cpo(it.beta())
              .labelSmoothing(it.number(LABEL_SMOOTHING))
              .sftWeight(it.number(SFT_WEIGHT))),
  CPO_HINGE(
      "cpo-hinge",
      ImmutableMap.of(BETA, 0.1, SFT_WEIGHT, 1.0),
      it -> TR.cpoHinge(it.beta()).sftWeight(it.number(SFT_WEIGHT))),
  CPO_IPO(
      "cpo-ipo",
      ImmutableMap.of(BETA, 0.1, SFT_WEIGHT, 1.0),
      it -> TR.cpoIpo(it.beta()).sftWeight(it.number(SFT_WEIGHT))),
  ALPHAPO(
      "alphapo",
      ImmutableMap.of(BETA, 2.5, GAMMA, 0.1, ALPHA, 0.25, LABEL_SMOOTHING, 0.0),
      it ->
          TR.alphapo(it.beta(), it.number(GAMMA), it.number(ALPHA))
              .labelSmoothing(it.number(LABEL_SMOOTHING))),
  ORPO("orpo", ImmutableMap.of(BETA, 0.1), it -> TR.orpo(it.beta())),
  SLIC(
      "slic",
      ImmutableMap.of(MARGIN, 1.0, SFT_WEIGHT, 0.1),
      it -> TR.slic(it.number(MARGIN)).sftWeight(it.number(SFT_WEIGHT))),
  SFT("sft", ImmutableMap.of(), it -> TR.sft());

  private static final int MOST_SHOWN = 8; // losses in a message

  private final String word;

  /** By option, in the order in which they are shown. */
  @SuppressWarnings("ImmutableEnumChecker") // numbers, truth values and constants
  final ImmutableMap<String, Object> defaults;

  @SuppressWarnings("ImmutableEnumChecker") // functions that hold nothing
  private final Function<LossSettings, AlignmentLoss> factory;

  LossKind(
      String word,
      ImmutableMap<String, Object> defaults,
      Function<LossSettings, AlignmentLoss> factory) {
    this.word = word;
    this.defaults = defaults;
    this.factory = factory;
  }

  /** Which losses have a setting, as the rest of a sentence. */
  static String with(String option) {
    List<String> kinds =
        Arrays.stream(values())
            .filter(it -> it.defaults.containsKey(option))
            .map(LossKind::toString)
            .toList();
    return kinds.size() > MOST_SHOWN
        ? "docs/losses.md lists the losses that have it"
        : "it is a setting of " + String.join(", ", kinds);
  }

  /** The loss with some settings, all of {@link #defaults}. */
  AlignmentLoss make(LossSettings settings) {
    return factory.apply(settings);
  }

  /** Whether it reads single labelled completions instead of pairs. */
  boolean unpaired() {
    return this == KTO || this == APO_ZERO_UNPAIRED || this == BCO;
  }

  @Override
  public String toString() {
    return word;
  }
}
