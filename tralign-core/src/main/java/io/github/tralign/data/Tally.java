package io.github.tralign.data;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.form.SourceReport;
import io.github.tralign.data.row.DropReason;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts what happens to rows while they are read; the source of the report. */
final class Tally {

  /** Number of locations reported for each reason. */
  private static final int NAMED_ORIGINS = 3;

  private final List<SourceReport> sources = new ArrayList<>();
  private final Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
  private final Map<DropReason, List<String>> origins = new EnumMap<>(DropReason.class);
  private long used;
  private long cutPrompts;
  private long cutCompletions;
  private long boundaryMerges;
  private long identicalPairs;
  private long promptTokens;
  private long completionTokens;
  private int longest;
  private final StatisticsTally statistics = new StatisticsTally();

  void source(SourceReport source) {
    sources.add(source);
  }

  void dropped(DropReason reason, String origin) {
    drops.merge(reason, 1L, Long::sum);
    List<String> named = origins.computeIfAbsent(reason, r -> new ArrayList<>());
    if (named.size() < NAMED_ORIGINS) {
      named.add(origin);
    }
  }

  void used(Example example) {
    used++;
    statistics.add(example);
    promptTokens += example.prompt().length();
    completionTokens += example.completionTokens();
    longest = Math.max(longest, example.longestSequence());
    if (example.isPair() && example.chosen().equals(example.rejected())) {
      identicalPairs++;
    }
  }

  void used(TokenizedRow.Used row) {
    used(row.example());
    cutPrompts += row.promptCut() ? 1 : 0;
    cutCompletions += row.completionsCut();
    boundaryMerges += row.boundaryMerge() ? 1 : 0;
  }

  /** Rows so far, used or dropped. */
  long rows() {
    return used + drops.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * The counts that cannot be derived from the examples themselves, which are counted again by
   * {@link #used}.
   *
   * @param dropped by reason
   */
  record Counts(
      long cutPrompts,
      long cutCompletions,
      long boundaryMerges,
      List<SourceReport> sources,
      Map<DropReason, Dropped> dropped) {

    /** The rows that were dropped for one reason. */
    record Dropped(long count, List<String> firstOrigins) {}
  }

  Counts counts() {
    Map<DropReason, Counts.Dropped> dropped = new EnumMap<>(DropReason.class);
    drops.forEach(
        (reason, count) ->
            dropped.put(
                reason, new Counts.Dropped(count, origins.getOrDefault(reason, List.of()))));
    return new Counts(cutPrompts, cutCompletions, boundaryMerges, List.copyOf(sources), dropped);
  }

  /** Adds the counts from when the examples were made. */
  void restore(Counts counts) {
    cutPrompts = counts.cutPrompts();
    cutCompletions = counts.cutCompletions();
    boundaryMerges = counts.boundaryMerges();
    sources.addAll(counts.sources());
    counts
        .dropped()
        .forEach(
            (reason, dropped) -> {
              drops.put(reason, dropped.count());
              origins.put(reason, new ArrayList<>(dropped.firstOrigins()));
            });
  }

  DataReport report() {
    ImmutableMap.Builder<DropReason, DataReport.Drop> dropped = ImmutableMap.builder();
    for (Map.Entry<DropReason, Long> drop : drops.entrySet()) {
      List<String> named = origins.getOrDefault(drop.getKey(), List.of());
      dropped.put(drop.getKey(), new DataReport.Drop(drop.getValue(), ImmutableList.copyOf(named)));
    }
    return new DataReport(
        ImmutableList.copyOf(sources),
        rows(),
        used,
        dropped.build(),
        cutPrompts,
        cutCompletions,
        boundaryMerges,
        identicalPairs,
        promptTokens,
        completionTokens,
        longest,
        statistics.statistics());
  }
}
