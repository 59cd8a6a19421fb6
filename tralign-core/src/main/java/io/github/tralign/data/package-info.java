/**
 * Preference data: from the text of a file to the token ids of an optimizer step.
 *
 * <p>A tour in the order in which data flows:
 *
 * <ol>
 *   <li>{@link io.github.tralign.data.source} streams the records of files, and {@link
 *       io.github.tralign.data.form} turns them into {@link io.github.tralign.data.row.Row}s. A
 *       faulty row is an error that names its line, or a {@link
 *       io.github.tralign.data.row.RowFault} that is counted.
 *   <li>A {@link io.github.tralign.data.Tokenizer}, which an engine brings, turns text into ids;
 *       {@link io.github.tralign.data.PreferenceReader} says how much of a row is kept.
 *   <li>The unit of work is an {@link io.github.tralign.data.Example}: a prompt, held once, with
 *       its completions. Nothing is padded.
 *   <li>{@link io.github.tralign.data.PreferenceData} is all of them, with the {@link
 *       io.github.tralign.data.DataReport} of what was dropped, cut or odd, and the files' hashes.
 *   <li>{@link io.github.tralign.data.PreferenceStream} is for data that memory does not hold: its
 *       examples are read while they are trained on.
 *   <li>{@link io.github.tralign.data.Batches} says which examples each step sees: of data in
 *       memory from the seed and the step's number alone, of a stream from its rows too.
 *   <li>A {@link io.github.tralign.data.Batch} is what a step sees; its {@link
 *       io.github.tralign.data.PreferenceBatch} cuts itself into slices that fit into memory.
 * </ol>
 *
 * <pre>{@code
 * var data = PreferenceData.read(tokenizer).maxLength(512).file(Path.of("pairs.jsonl"));
 * var batches = Batches.shuffled(data, 8, 42);
 * for (PreferenceBatch slice : batches.at(1).examples().microBatches(4096)) {
 *   policy.accumulate(slice, …);
 * }
 * }</pre>
 */
@NullMarked
package io.github.tralign.data;

import org.jspecify.annotations.NullMarked;
