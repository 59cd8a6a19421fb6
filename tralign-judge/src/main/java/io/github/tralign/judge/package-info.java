/**
 * Judges that compare and score the answers of models: {@link
 * io.github.tralign.judge.PairwiseJudge} and {@link io.github.tralign.judge.AnswerScores} are
 * tralign's own, the packages {@code alpaca} and {@code arena} have the benchmarks AlpacaEval 2 and
 * Arena-Hard. A method makes requests, {@link io.github.tralign.judge.client.Inquiry} asks them,
 * and the method reads verdicts from the replies. A verdict that cannot be read is counted, never
 * guessed.
 */
@NullMarked
package io.github.tralign.judge;

import org.jspecify.annotations.NullMarked;
