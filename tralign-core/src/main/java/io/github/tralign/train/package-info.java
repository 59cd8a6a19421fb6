/**
 * The training loop and what it is made of.
 *
 * <p>{@link io.github.tralign.train.Trainer} is the loop, {@link
 * io.github.tralign.train.TrainerBuilder} the map of its settings. {@link
 * io.github.tralign.train.ReferenceScores} decides, from what the reference rule promises, whether
 * a second copy of the weights is needed at all. {@link io.github.tralign.train.InitialProbe}
 * measures the distance from the start. {@link io.github.tralign.train.RunState} is what a run is
 * taken up from.
 */
@NullMarked
@Value.Style(builderVisibility = Value.Style.BuilderVisibility.PACKAGE)
package io.github.tralign.train;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
