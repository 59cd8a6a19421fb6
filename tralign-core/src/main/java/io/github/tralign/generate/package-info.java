/**
 * Text generation: completions sampled from a {@link io.github.tralign.policy.LanguageModel}, token
 * by token.
 *
 * <p>{@link io.github.tralign.generate.Generator} decides which sequences grow, {@link
 * io.github.tralign.generate.Sampling} which token comes next. The engine computes logits in a
 * {@link io.github.tralign.generate.DecodingSession} and knows neither.
 */
@NullMarked
package io.github.tralign.generate;

import org.jspecify.annotations.NullMarked;
