/**
 * Internal, not part of the API. Chat templates: the part of Jinja2 that they use, with Python's
 * meaning of every operation.
 *
 * <p>A tour from text to text: {@code Lexer} cuts a template into tokens and settles all blanks;
 * {@code TemplateParser}, {@code ExpressionParser} and {@code SuffixParser} make closures of them;
 * {@code Frame} is what a closure runs in: variables by scope, and the {@code Budget} that
 * everything pays into. {@code Python} says what truth, text and equality are, {@code Operators}
 * what arithmetic is; {@code Attributes}, {@code Filters}, {@code FilterTests} and {@code
 * Functions} are what a template may call.
 *
 * <p>Everything is either done as Python's jinja2 does it, or is a {@link
 * io.github.tralign.djl.chat.jinja.TemplateFault}; there is no third. A template sees plain data
 * only: texts, numbers, truth values, lists and maps, no file, no class.
 */
@NullMarked
package io.github.tralign.djl.chat.jinja;

import org.jspecify.annotations.NullMarked;
