/**
 * Internal, not part of the API. Hugging Face checkpoint folders, read and written in plain Java.
 *
 * <p>A guided tour:
 *
 * <ul>
 *   <li>{@link io.github.tralign.djl.huggingface.CheckpointFolder} opens a folder: its {@code
 *       config.json} as a {@link io.github.tralign.djl.huggingface.ConfigJson} and its weights,
 *       from one file or from shards.
 *   <li>{@link io.github.tralign.djl.huggingface.SafetensorsFile} reads one weight file through a
 *       memory map and converts values to fp32; {@code SafetensorsHeader} checks its header.
 *   <li>{@link io.github.tralign.djl.huggingface.CheckpointWriter} writes a whole folder, which
 *       appears complete or not at all; {@link io.github.tralign.djl.huggingface.SafetensorsWriter}
 *       writes one weight file, and {@link io.github.tralign.djl.huggingface.TensorSource} provides
 *       the values.
 * </ul>
 *
 * <p>Files may come from untrusted sources, so everything in them is checked before it is used, and
 * pickle files, which can run code when loaded, are never read. An invalid file is reported by an
 * {@link io.github.tralign.InvalidInputException}, a failing disk by an {@link
 * java.io.UncheckedIOException}.
 */
@NullMarked
package io.github.tralign.djl.huggingface;

import org.jspecify.annotations.NullMarked;
