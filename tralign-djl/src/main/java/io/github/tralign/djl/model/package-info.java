/**
 * Internal, not part of the API. The model families: what a Hugging Face config and its tensor
 * names mean to the kernels.
 *
 * <p>{@link io.github.tralign.djl.model.Architecture} is what all have in common; each family is
 * one class that reads its config and lists its parameters in the order that its kernel takes them.
 */
@NullMarked
package io.github.tralign.djl.model;

import org.jspecify.annotations.NullMarked;
