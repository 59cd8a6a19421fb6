package io.github.tralign.cli;

import io.github.tralign.data.Example;
import io.github.tralign.data.row.Judgement;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code data} writes for an example: the token ids that training sees, and the judgement.
 * Public, since Parquet files are written by reflection.
 *
 * @param index the row's number
 * @param completionIds of a single completion
 * @param label whether a single completion is desirable, if it is labelled
 */
public record TokenRow(
    long index,
    List<Integer> promptIds,
    @Nullable List<Integer> chosenIds,
    @Nullable List<Integer> rejectedIds,
    @Nullable List<Integer> completionIds,
    @Nullable Boolean label,
    double weight,
    @Nullable Double margin,
    @Nullable Double winProbability) {

  /** How a file of such lines begins. */
  static final Pattern BEGINNING = Pattern.compile("\\{\"index\":\\d+,\"prompt_ids\":\\[");

  static TokenRow of(long index, Example example) {
    Judgement judgement = example.judgement();
    return new TokenRow(
        index,
        example.prompt().asList(),
        example.isPair() ? example.chosen().asList() : null,
        example.isPair() ? example.rejected().asList() : null,
        example.isPair() ? null : example.completions().get(0).asList(),
        judgement.isLabelled() ? judgement.isDesirable() : null,
        judgement.weight(),
        orNull(judgement.margin()),
        orNull(judgement.winProbability()));
  }

  private static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
