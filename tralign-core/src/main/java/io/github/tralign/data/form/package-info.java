/**
 * Forms: what the columns of data files mean.
 *
 * <p>Data sets have different formats of rows: pairs of texts, conversations, scored completions.
 * Each form is a class that knows the columns by which it is recognised, and turns a {@link
 * io.github.tralign.data.source.DataRecord} into {@link io.github.tralign.data.row.Row}s. A form is
 * never guessed: columns that fit no form or several forms are an error that names the remedy.
 *
 * <p>{@link io.github.tralign.data.form.DataFiles} holds the files named by the user and their
 * {@link io.github.tralign.data.form.FormSettings}; its {@link
 * io.github.tralign.data.form.RowReader} streams the rows.
 *
 * <p>A form is a {@code ColumnMapping}: its constructor lists its {@code Column}s, and its {@code
 * read} puts their values, taken from a {@code FieldReader}, into a row. {@code Forms} lists all
 * forms, {@code ColumnRenaming} gives a data set's columns the names of a form, and {@code
 * UnreadColumns} reports or rejects the rest.
 */
@NullMarked
package io.github.tralign.data.form;

import org.jspecify.annotations.NullMarked;
