package io.github.tralign.cli;

import com.google.common.collect.ImmutableList;
import io.github.tralign.train.SampleSettings;

/**
 * Prompts that are completed during a run.
 *
 * @param shown each prompt for people
 */
record SampledPrompts(SampleSettings settings, ImmutableList<String> shown) {}
