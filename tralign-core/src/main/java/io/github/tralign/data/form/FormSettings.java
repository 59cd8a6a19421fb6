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
 * How records are taken as rows, where it does not go without saying.
 *
 * @param form the name of the records' form; null to recognise it by the columns
 * @param columns the records' own names by the names that the form has: {@code prompt=question}
 * @param turns which turns of demonstrated conversations are learned; null for the last, and for
 *     data that has none
 * @param pairs which pairs are made of ranked or scored completions; null for best and worst, and
 *     for data that has none
 * @param roles the roles of chat templates by the data's own names for who speaks: {@code
 *     customer=user}; the usual names are known
 * @param ignored columns that are left out though they belong to what a row says, such as {@code
 *     system}
 * @param seed what random pairs and the mix of files are drawn from
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

  /** Everything by the columns. */
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

  /** The same with names of columns. */
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

  /** The same with roles for names of who speaks. */
  public FormSettings roles(Map<String, String> byName) {
    requireNonNull(byName, "byName");
    return new FormSettings(
        form, columns, turns, pairs, ImmutableMap.copyOf(byName), ignored, seed);
  }

  /** The same with columns to leave out. */
  public FormSettings ignored(Iterable<String> names) {
    requireNonNull(names, "names");
    return new FormSettings(form, columns, turns, pairs, roles, ImmutableSet.copyOf(names), seed);
  }

  /** The same with a seed. */
  public FormSettings seed(long value) {
    return new FormSettings(form, columns, turns, pairs, roles, ignored, value);
  }
}
