package io.github.tralign.data.form;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.InvalidInputException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How records become rows.
 *
 * @param form the name of the form; null to recognise it by the columns
 * @param columns the records' column names by the form's names: {@code prompt=question}
 * @param turns which turns of conversations are learned in supervised fine-tuning; null for the
 *     default, the last
 * @param pairs which pairs are made of ranked or scored completions; null for the default, best and
 *     worst
 * @param roles roles of chat templates by further names in the data: {@code customer=user}; the
 *     usual names are known
 * @param ignored columns to ignore although they change the meaning of a row, such as {@code
 *     system}
 * @param seed random seed of random pairs and of the mix of files
 */
public record FormSettings(
    @Nullable String form,
    ImmutableMap<String, String> columns,
    @Nullable Turns turns,
    @Nullable PairChoice pairs,
    ImmutableMap<String, String> roles,
    ImmutableSet<String> ignored,
    long seed) {

  private static final long DEFAULT_SEED = 42;

  /** The defaults: the form is recognised by the columns. */
  public static final FormSettings DEFAULT =
      new FormSettings(
          null, ImmutableMap.of(), null, null, ImmutableMap.of(), ImmutableSet.of(), DEFAULT_SEED);

  /**
   * Checks the names.
   *
   * @throws InvalidInputException if no form has the name, or a record's column is given twice
   */
  public FormSettings {
    requireNonNull(columns, "columns");
    requireNonNull(roles, "roles");
    requireNonNull(ignored, "ignored");
    if (form != null) {
      Forms.requireKnown(form);
    }
    if (roles.containsValue("")) {
      throw new InvalidInputException("a role needs a name, such as user");
    }
    Set<String> given = new HashSet<>();
    for (Map.Entry<String, String> column : columns.entrySet()) {
      if (!given.add(column.getValue())) {
        throw new InvalidInputException(
            "the column '" + column.getValue() + "' cannot be two columns of the form");
      }
    }
  }

  /** The same with a form. */
  public FormSettings form(String name) {
    requireNonNull(name, "name");
    return new FormSettings(name, columns, turns, pairs, roles, ignored, seed);
  }

  /** The same with column names. */
  public FormSettings columns(Map<String, String> names) {
    requireNonNull(names, "names");
    return new FormSettings(form, ImmutableMap.copyOf(names), turns, pairs, roles, ignored, seed);
  }

  /** The same with a choice of turns. */
  public FormSettings turns(Turns which) {
    requireNonNull(which, "which");
    return new FormSettings(form, columns, which, pairs, roles, ignored, seed);
  }

  /** The same with a choice of pairs. */
  public FormSettings pairs(PairChoice which) {
    requireNonNull(which, "which");
    return new FormSettings(form, columns, turns, which, roles, ignored, seed);
  }

  /** The same with roles for further names. */
  public FormSettings roles(Map<String, String> byName) {
    requireNonNull(byName, "byName");
    return new FormSettings(
        form, columns, turns, pairs, ImmutableMap.copyOf(byName), ignored, seed);
  }

  /** The same with columns to ignore. */
  public FormSettings ignored(Iterable<String> names) {
    requireNonNull(names, "names");
    return new FormSettings(form, columns, turns, pairs, roles, ImmutableSet.copyOf(names), seed);
  }

  /** The same with a seed. */
  public FormSettings seed(long value) {
    return new FormSettings(form, columns, turns, pairs, roles, ignored, value);
  }
}
