package io.github.tralign.cli;

import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceStream;

/** Turns the rows of the files into those that a command trains and evaluates on. */
interface LearnedRows {

  PreferenceData of(PreferenceData read);

  PreferenceStream of(PreferenceStream read);
}
