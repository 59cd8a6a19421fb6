/**
 * A small recurrent language model as an engine in plain Java, for experiments.
 *
 * <p>{@link io.github.tralign.recurrent.RecurrentPolicy} is the policy, {@code Layout} maps its
 * parameters to one vector. {@code BatchPass} is the forward and backward pass of a batch: of
 * {@code GruStep}s and {@code NextTokens}, each for all sequences at one time, on the matrices of
 * {@code Rows}. {@link io.github.tralign.recurrent.RecurrentStates} reads token by token.
 */
@NullMarked
package io.github.tralign.recurrent;

import org.jspecify.annotations.NullMarked;
