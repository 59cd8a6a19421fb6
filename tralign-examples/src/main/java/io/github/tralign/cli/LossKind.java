package io.github.tralign.cli;

import static io.github.tralign.cli.LossSettings.ALPHA;
import static io.github.tralign.cli.LossSettings.CALIBRATION;
import static io.github.tralign.cli.LossSettings.DESIRABLE_WEIGHT;
import static io.github.tralign.cli.LossSettings.ETA;
import static io.github.tralign.cli.LossSettings.GAMMA;
import static io.github.tralign.cli.LossSettings.LABEL_SMOOTHING;
import static io.github.tralign.cli.LossSettings.MARGIN;
import static io.github.tralign.cli.LossSettings.PENALTY;
import static io.github.tralign.cli.LossSettings.SCALE;
import static io.github.tralign.cli.LossSettings.SFT_WEIGHT;
import static io.github.tralign.cli.LossSettings.TEMPERATURE;
import static io.github.tralign.cli.LossSettings.UNDESIRABLE_WEIGHT;
import static io.github.tralign.cli.LossSettings.beta;

import io.github.tralign.TR;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.UnpairedLoss;
import java.util.function.Function;

/**
 * The losses that {@code --loss} knows: name, the options that mean something to it with their
 * defaults, and how it is made.
 */
enum LossKind {
  DPO(
      "dpo",
      beta(0.1).and(LABEL_SMOOTHING, 0),
      it -> TR.dpo(it.beta()).labelSmoothing(it.get(LABEL_SMOOTHING))),
  ROBUST(
      "robust",
      beta(0.1).and(LABEL_SMOOTHING, 0.1),
      it -> TR.robust(it.beta(), it.get(LABEL_SMOOTHING))),
  HINGE("hinge", beta(0.1), it -> TR.hinge(it.beta())),
  IPO("ipo", beta(0.1), it -> TR.ipo(it.beta())),
  IPO_MEAN("ipo-mean", beta(0.1), it -> TR.ipoMean(it.beta())),
  DPO_NORM("dpo-norm", beta(5), it -> TR.dpoNorm(it.beta())),
  EXO(
      "exo",
      beta(0.1).and(LABEL_SMOOTHING, 1e-3),
      it -> TR.exo(it.beta()).labelSmoothing(it.get(LABEL_SMOOTHING))),
  NCA("nca", beta(0.1), it -> TR.nca(it.beta())),
  BCO_PAIR("bco-pair", beta(0.1), it -> TR.bcoPair(it.beta())),
  BCO_PAIR_SHIFT("bco-pair-shift", beta(0.1), it -> TR.bcoPairShift(it.beta())),
  SPPO("sppo", beta(1e-3), it -> TR.sppo(it.beta())),
  SPPO_HARD("sppo-hard", beta(1e-3), it -> TR.sppoHard(it.beta())),
  AOT(
      "aot",
      beta(0.1).and(LABEL_SMOOTHING, 0),
      it -> TR.aot(it.beta()).labelSmoothing(it.get(LABEL_SMOOTHING))),
  AOT_UNPAIRED(
      "aot-unpaired",
      beta(0.1).and(LABEL_SMOOTHING, 0),
      it -> TR.aotUnpaired(it.beta()).labelSmoothing(it.get(LABEL_SMOOTHING))),
  APO_ZERO("apo-zero", beta(0.1), it -> TR.apoZero(it.beta())),
  APO_DOWN("apo-down", beta(0.1), it -> TR.apoDown(it.beta())),
  DISCOPOP(
      "discopop",
      beta(0.1).and(TEMPERATURE, 0.05),
      it -> TR.discopop(it.beta()).temperature(it.get(TEMPERATURE))),
  ODPO("odpo", beta(0.1).and(ALPHA, 1), it -> TR.odpo(it.beta()).alpha(it.get(ALPHA))),
  DPOP("dpop", beta(0.1).and(PENALTY, 50), it -> TR.dpop(it.beta()).penalty(it.get(PENALTY))),
  CAL_DPO(
      "cal-dpo",
      beta(0.1).and(CALIBRATION, 0.5),
      it -> TR.calDpo(it.beta()).calibration(it.get(CALIBRATION))),
  RPO_BWD_KL("rpo-bwd-kl", beta(0.2).and(ETA, 1), it -> TR.rpoBwdKl(it.beta()).eta(it.get(ETA))),
  RPO_FWD_KL("rpo-fwd-kl", beta(0.2).and(ETA, 1), it -> TR.rpoFwdKl(it.beta()).eta(it.get(ETA))),
  RPO_SQ("rpo-sq", beta(0.2).and(ETA, 1), it -> TR.rpoSq(it.beta()).eta(it.get(ETA))),
  BETA_DPO("beta-dpo", beta(0.1).and(SCALE, 0.6), it -> TR.betaDpo(it.beta()).scale(it.get(SCALE))),
  TDPO1("tdpo1", beta(0.1), it -> TR.tdpo1(it.beta())),
  TDPO2("tdpo2", beta(0.1).and(ALPHA, 0.5), it -> TR.tdpo2(it.beta()).alpha(it.get(ALPHA))),
  KTO_PAIR("kto-pair", beta(0.1), it -> TR.ktoPair(it.beta())),
  KTO(
      "kto",
      beta(0.1).and(DESIRABLE_WEIGHT, 1).and(UNDESIRABLE_WEIGHT, 1),
      it -> TR.kto(it.beta()).weights(it.get(DESIRABLE_WEIGHT), it.get(UNDESIRABLE_WEIGHT))),
  APO_ZERO_UNPAIRED(
      "apo-zero-unpaired",
      beta(0.1).and(DESIRABLE_WEIGHT, 1).and(UNDESIRABLE_WEIGHT, 1),
      it ->
          TR.apoZeroUnpaired(it.beta())
              .weights(it.get(DESIRABLE_WEIGHT), it.get(UNDESIRABLE_WEIGHT))),
  BCO("bco", beta(0.1), it -> TR.bco(it.beta())),
  SIMPO(
      "simpo",
      beta(2).and(GAMMA, 0.5).and(LABEL_SMOOTHING, 0),
      it -> TR.simpo(it.beta(), it.get(GAMMA)).labelSmoothing(it.get(LABEL_SMOOTHING))),
  ALPHAPO(
      "alphapo",
      beta(2).and(GAMMA, 0.5).and(ALPHA, 0).and(LABEL_SMOOTHING, 0),
      it ->
          TR.alphapo(it.beta(), it.get(GAMMA), it.get(ALPHA))
              .labelSmoothing(it.get(LABEL_SMOOTHING))),
  CPO(
      "cpo",
      beta(0.1).and(LABEL_SMOOTHING, 0).and(SFT_WEIGHT, 1),
      it ->
          TR.cpo(it.beta()).labelSmoothing(it.get(LABEL_SMOOTHING)).sftWeight(it.get(SFT_WEIGHT))),
  CPO_HINGE(
      "cpo-hinge",
      beta(0.1).and(SFT_WEIGHT, 1),
      it -> TR.cpoHinge(it.beta()).sftWeight(it.get(SFT_WEIGHT))),
  CPO_IPO(
      "cpo-ipo",
      beta(0.1).and(SFT_WEIGHT, 1),
      it -> TR.cpoIpo(it.beta()).sftWeight(it.get(SFT_WEIGHT))),
  ORPO("orpo", beta(0.1), it -> TR.orpo(it.beta())),
  SLIC(
      "slic",
      LossSettings.of(MARGIN, 1).and(SFT_WEIGHT, 0.1),
      it -> TR.slic(it.get(MARGIN)).sftWeight(it.get(SFT_WEIGHT)));

  private final String word;

  final LossSettings defaults;

  @SuppressWarnings("ImmutableEnumChecker") // functions that hold nothing
  private final Function<LossSettings, AlignmentLoss> factory;

  LossKind(String word, LossSettings defaults, Function<LossSettings, AlignmentLoss> factory) {
    this.word = word;
    this.defaults = defaults;
    this.factory = factory;
  }

  AlignmentLoss make(LossSettings settings) {
    return factory.apply(settings);
  }

  /** Whether it takes completions that are labelled one by one. */
  boolean takesLabels() {
    return make(defaults) instanceof UnpairedLoss;
  }

  @Override
  public String toString() {
    return word;
  }
}
