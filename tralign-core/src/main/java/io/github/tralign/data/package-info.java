/**
 * Preference data: from the text of a file to the token ids of an optimizer step.
 *
 * <p>A tour in the order in which data flows:
 *
 * <ol>
 *   <li>{@link io.github.tralign.data.source} streams the records of files, and {@link
 *       io.github.tralign.data.form} turns them into {@link io.github.tralign.data.row.Row}s. An
 *       invalid row is an error that names its line, or a {@link
 *       io.github.tralign.data.row.RowFault} that is counted.
 *   <li>A {@link io.github.tralign.data.Tokenizer}, implemented by an engine, turns text into ids;
 *       {@link io.github.tralign.data.PreferenceReader} has the settings for this step, such as
 *       maximum lengths.
 *   <li>The unit of work is an {@link io.github.tralign.data.Example}: a prompt with its
 *       completions, without padding.
 *   <li>{@link io.github.tralign.data.PreferenceData} holds all examples in memory, with a {@link
 *       io.github.tralign.data.DataReport} of what was dropped or truncated, and the files' hashes.
 *   <li>{@link io.github.tralign.data.PreferenceStream} is for data that does not fit into memory:
 *       examples are read during training.
 *   <li>{@link io.github.tralign.data.Batches} defines which examples each step uses.
 *   <li>A {@link io.github.tralign.data.Batch} is what a step uses; its {@link
 *       io.github.tralign.data.PreferenceBatch} can be split into slices that fit into memory.
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
