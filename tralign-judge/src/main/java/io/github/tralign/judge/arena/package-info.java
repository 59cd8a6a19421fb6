/**
 * Arena-Hard (Li et al., "From Crowdsourced Data to High-Quality Benchmarks", 2024): its files in
 * the form before and since April 2025, its requests and its scores.
 */
@NullMarked
package io.github.tralign.judge.arena;

import org.jspecify.annotations.NullMarked;
