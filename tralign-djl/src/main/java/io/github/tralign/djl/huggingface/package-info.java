/**
 * Internal, not part of the API. Hugging Face checkpoint folders, read and written in plain Java.
 *
 * <p>A guided tour:
 *
 * <ul>
 *   <li>{@link io.github.tralign.djl.huggingface.CheckpointFolder} opens a folder: its {@code
 *       config.json} as a {@link io.github.tralign.djl.huggingface.ConfigJson} and its weights,
 *       from one file or from shards.
 *   <li>{@link io.github.tralign.djl.huggingface.SafetensorsFile} reads one weight file by memory
 *       map and converts to fp32 on the way; its header is checked by {@code SafetensorsHeader}.
 *   <li>{@link io.github.tralign.djl.huggingface.CheckpointWriter} writes a whole folder, which
 *       appears complete or not at all; {@link io.github.tralign.djl.huggingface.SafetensorsWriter}
 *       writes one weight file, and {@link io.github.tralign.djl.huggingface.TensorSource} is where
 *       the values come from.
 * </ul>
 *
 * <p>Files come from anywhere, so everything that they claim is checked before it is used, and
 * pickle files, which can run code when loaded, are never read. What is wrong with a file is told
 * by an {@link io.github.tralign.InvalidInputException}; a disk that fails is an {@link
 * java.io.UncheckedIOException}.
 */
@NullMarked
package io.github.tralign.djl.huggingface;

import org.jspecify.annotations.NullMarked;
