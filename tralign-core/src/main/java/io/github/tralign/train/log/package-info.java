/** Logs of a run: {@code metrics.jsonl} and event files of TensorBoard. */
@NullMarked
package io.github.tralign.train.log;

import org.jspecify.annotations.NullMarked;
