package io.github.tralign.cli;

import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.train.TrainerBuilder;
import java.util.Map;

/** Turns the rows of the files into those that a command trains and evaluates on. */
interface LearnedRows {

  PreferenceData of(PreferenceData read);

  PreferenceStream of(PreferenceStream read);

  /**
   * Called when a trainer has its rows, before it is built.
   *
   * @return what goes below {@code provenance} in {@code config.yaml}
   */
  default Map<String, Object> added(TrainerBuilder trainer) {
    return Map.of();
  }
}
