/** Intervals, regressions and the random numbers of Python, for win rates. */
@NullMarked
package io.github.tralign.judge.statistics;

import org.jspecify.annotations.NullMarked;
