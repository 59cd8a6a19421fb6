/**
 * The training loop and what it is made of.
 *
 * <p>{@link io.github.tralign.train.Trainer} is the loop, {@link
 * io.github.tralign.train.TrainerBuilder} collects its settings. {@link
 * io.github.tralign.train.RunComponents} puts together what the loop uses. {@link
 * io.github.tralign.train.ReferenceScores} is where the reference's log-probabilities come from: a
 * second copy of the weights only where the reference rule's promise does not do without. {@link
 * io.github.tralign.train.InitialComparison} measures the distance from the initial policy, for the
 * probe and for evaluations. {@link io.github.tralign.train.StepMetricsCollector} is where a step's
 * metrics are put together. {@link io.github.tralign.train.RunState} is what a run is resumed from.
 */
@NullMarked
@Value.Style(builderVisibility = Value.Style.BuilderVisibility.PACKAGE)
package io.github.tralign.train;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
