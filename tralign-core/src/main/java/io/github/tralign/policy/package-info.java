/**
 * The interface between the training method and an engine: log-probabilities out, their gradient
 * back.
 *
 * <p>Every offline preference loss is a function of the completions' log-probabilities, so {@code
 * dL/dθ = Σ_t (∂L/∂log π_t) · ∇θ log π_t}. An engine therefore knows nothing of losses: {@link
 * io.github.tralign.policy.Policy} scores tokens, takes the gradient of each token's
 * log-probability from an {@link io.github.tralign.policy.Objective}, and keeps the graph, the
 * memory and the devices to itself.
 */
@NullMarked
package io.github.tralign.policy;

import org.jspecify.annotations.NullMarked;
