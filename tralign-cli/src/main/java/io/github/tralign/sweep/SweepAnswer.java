package io.github.tralign.sweep;

/**
 * An answer to a held-out prompt.
 *
 * @param instruction what was asked
 * @param text without the end token
 * @param tokens with the end token
 * @param ended whether it ended within the limit of tokens
 */
record SweepAnswer(String instruction, String text, int tokens, boolean ended) {}
