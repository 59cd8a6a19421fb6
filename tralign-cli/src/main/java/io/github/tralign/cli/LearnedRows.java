package io.github.tralign.cli;

import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceStream;

/** What a command makes of the rows that are read, to train or to evaluate on them. */
interface LearnedRows {

  PreferenceData of(PreferenceData read);

  PreferenceStream of(PreferenceStream read);
}
