package io.github.tralign.policy;

import static java.util.Objects.requireNonNull;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.GenerationRequest;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleConsumer;

/**
 * A model of which each process of a group has a copy: each scores its part of a batch, and
 * generates for its part of the prompts. All get the results of the whole.
 *
 * <p>{@link #score} and {@link #generate} are collective, see {@link ProcessGroup}; all other
 * methods are those of this process's copy. Scores are the same, bit for bit, on all ranks. Of
 * another number of processes they may differ by rounding, since other examples are computed
 * together.
 */
public sealed class DataParallelModel implements LanguageModel permits DataParallelPolicy {

  private final LanguageModel model;
  private final ProcessGroup group;

  DataParallelModel(LanguageModel model, ProcessGroup group) {
    this.model = model;
    this.group = group;
  }

  /**
   * The model shared by a group, or just this process's copy if it is alone.
   *
   * @param model this process's copy; closed with the result
   */
  public static LanguageModel of(LanguageModel model, ProcessGroup group) {
    requireNonNull(model, "model");
    requireNonNull(group, "group");
    return group.size() == 1 ? model : new DataParallelModel(model, group);
  }

  @Override
  public TokenLogProbs score(PreferenceBatch batch, Set<TokenStatistic> statistics) {
    batch.requireKnown(vocabularySize()); // of other parts too: all ranks reject it, or none does
    requireReference(statistics);
    BatchParts parts = BatchParts.of(batch, group.size());
    return gather(
        parts, parts.part(group.rank()).map(it -> model.score(it, statistics)), statistics);
  }

  /** Rejects, on all ranks or none, a divergence from a reference that there is not. */
  void requireReference(Set<TokenStatistic> statistics) {
    ReferenceModel.requireNoDivergence(statistics);
  }

  /**
   * The scores of the whole batch.
   *
   * @param part those of this rank's part; empty if it has no examples
   */
  final TokenLogProbs gather(
      BatchParts parts, Optional<TokenLogProbs> part, Set<TokenStatistic> statistics) {
    Map<TokenStatistic, double[]> computed = new EnumMap<>(TokenStatistic.class);
    double[] none = {};
    double[] values = group.allGather(part.map(TokenLogProbs::values).orElse(none), parts.tokens());
    for (TokenStatistic each : TokenStatistic.values()) {
      if (statistics.contains(each)) {
        double[] mine = part.map(it -> it.statistic(each)).orElse(none);
        computed.put(each, group.allGather(mine, parts.tokens()));
      }
    }
    return new TokenLogProbs(parts.batch(), values, computed);
  }

  /** A session of this process alone: it computes all of its sequences. */
  @Override
  public DecodingSession decode(long cacheTokens) {
    return model.decode(cacheTokens);
  }

  @Override
  public List<List<Completion>> generate(List<GenerationRequest> requests) {
    requireNonNull(requests, "requests");
    int size = group.size();
    int from = Math.toIntExact((long) requests.size() * group.rank() / size);
    int to = Math.toIntExact((long) requests.size() * (group.rank() + 1) / size);
    List<GenerationRequest> mine = requests.subList(from, to);
    return PackedCompletions.exchange(
        mine.isEmpty() ? List.of() : model.generate(mine), requests, group);
  }

  @Override
  public int vocabularySize() {
    return model.vocabularySize();
  }

  @Override
  public int maxLength() {
    return model.maxLength();
  }

  @Override
  public List<String> parameters() {
    return model.parameters();
  }

  @Override
  public List<String> weights() {
    return model.weights();
  }

  @Override
  public double[] values(String parameter) {
    return model.values(parameter);
  }

  @Override
  public void forEachValue(String parameter, DoubleConsumer consumer) {
    model.forEachValue(parameter, consumer);
  }

  /** Holds the number of processes, which scores depend on by rounding. */
  @Override
  public Optional<String> fingerprint() {
    return model.fingerprint().map(it -> it + " in parts of " + group.size() + " processes");
  }

  @Override
  public void close() {
    model.close();
  }
}
