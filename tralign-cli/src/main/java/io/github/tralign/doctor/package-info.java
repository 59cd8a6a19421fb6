/**
 * What tralign needs to know of a machine when something does not work there: versions, processor,
 * memory, folders, GPU, and whether a small model can be trained. Each {@code …Facts} class adds a
 * section to a {@link io.github.tralign.doctor.Diagnosis}.
 */
@NullMarked
package io.github.tralign.doctor;

import org.jspecify.annotations.NullMarked;
