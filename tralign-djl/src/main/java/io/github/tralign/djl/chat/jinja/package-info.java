/**
 * Internal, not part of the API. An interpreter for chat templates: the part of Jinja2 that they
 * use, where every operation behaves as in Python.
 *
 * <p>{@code Lexer} splits a template into tokens and handles whitespace control. {@code
 * TemplateParser}, {@code ExpressionParser} and {@code PostfixParser} compile the tokens to
 * closures. A closure runs in a {@code Frame}: the variables of nested scopes, the output, and the
 * {@code Budget} that bounds work and memory. {@code Python} and {@code PythonComparison} define
 * truth, conversion to text and equality, {@code Operators} arithmetic. {@code Attributes}, {@code
 * Filters}, {@code FilterTests} and {@code Functions} are available to templates.
 *
 * <p>Every operation either gives the same result as Python's jinja2 or throws a {@link
 * io.github.tralign.djl.chat.jinja.JinjaException}. A template can access plain data only: strings,
 * numbers, booleans, lists and mappings, but no files or classes.
 */
@NullMarked
package io.github.tralign.djl.chat.jinja;

import org.jspecify.annotations.NullMarked;
