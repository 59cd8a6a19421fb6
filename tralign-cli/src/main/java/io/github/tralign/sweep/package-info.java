/**
 * A sweep of β and reference rules on a language model, {@code ./tralign experiment real}.
 *
 * <p>{@link io.github.tralign.sweep.SweepGrid} is what is run, {@link
 * io.github.tralign.sweep.SweepData} divides the pairs. {@link io.github.tralign.sweep.Sweep} runs
 * it: {@code SeedModels} are what the runs of a seed share, with the judge; {@code SweepTraining}
 * trains with the library's trainer, {@code SweepMeasurement} measures, {@code SweepFile} has the
 * rows.
 *
 * <p>{@link io.github.tralign.sweep.SweepReport} makes a page with tables and figures of the files:
 * of a {@code SweepOutcome}, in which runs are compared in pairs by seed.
 */
@NullMarked
package io.github.tralign.sweep;

import org.jspecify.annotations.NullMarked;
