/** Charts and tables of numbers as files, for experiments. */
@NullMarked
package io.github.tralign.figure;

import org.jspecify.annotations.NullMarked;
