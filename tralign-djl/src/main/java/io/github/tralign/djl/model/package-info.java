/**
 * Internal, not part of the API. The model families: how a Hugging Face config and its tensor names
 * map to the kernels.
 *
 * <p>{@link io.github.tralign.djl.model.Architecture} describes any supported model. Each family is
 * one class, which reads its config and lists its parameters.
 */
@NullMarked
package io.github.tralign.djl.model;

import org.jspecify.annotations.NullMarked;
