/**
 * Forms: what the columns of data files mean.
 *
 * <p>A data set writes its rows in a form of its own: pairs of texts, conversations, scored
 * completions. One class a form tells by which columns it is recognised, and turns a {@link
 * io.github.tralign.data.source.DataRecord} into {@link io.github.tralign.data.row.Row}s. A form is
 * never guessed: columns that fit none or several are an error that names what would settle it.
 *
 * <p>{@link io.github.tralign.data.form.DataFiles} is what a person names, files with {@link
 * io.github.tralign.data.form.FormSettings}; its {@link io.github.tralign.data.form.RowReader}
 * streams the rows.
 */
@NullMarked
package io.github.tralign.data.form;

import org.jspecify.annotations.NullMarked;
