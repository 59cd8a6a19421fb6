/**
 * AlpacaEval 2 (Dubois et al., "Length-Controlled AlpacaEval", 2024): its requests, its file of
 * annotations and its win rates.
 */
@NullMarked
package io.github.tralign.judge.alpaca;

import org.jspecify.annotations.NullMarked;
