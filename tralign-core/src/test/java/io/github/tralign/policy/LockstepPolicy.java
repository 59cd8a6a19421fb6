package io.github.tralign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.testkit.InProcessGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ranks of a group as one policy: makes each call on all of them, each in a thread of its own,
 * and returns what they agree on. So the tests of a policy are tests of several processes.
 */
public final class LockstepPolicy implements Policy {

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
          });
  private final List<Policy> ranks = new ArrayList<>();

  /** Makes the policy of each rank, which is wrapped into a {@link DataParallelPolicy}. */
  public LockstepPolicy(int size, Function<ProcessGroup, Policy> policy) {
    for (ProcessGroup group : InProcessGroup.ofSize(size)) {
      ranks.add(DataParallelPolicy.of(policy.apply(group)));
    }
  }

  private <T> T all(Function<Policy, T> call) {
    return agreed(ranks, call);
  }

  private void each(Consumer<Policy> call) {
    all(
        it -> {
          call.accept(it);
          return true;
        });
  }

  private <M, T> T agreed(List<M> models, Function<M, T> call) {
    List<CompletableFuture<T>> calls =
        models.stream()
            .map(it -> CompletableFuture.supplyAsync(() -> call.apply(it), threads))
            .toList();
    List<T> results = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (CompletableFuture<T> each : calls) {
      try {
        results.add(each.join());
      } catch (CompletionException e) {
        failures.add(e.getCause());
      }
    }
    if (!failures.isEmpty()) {
      assertThat(failures).as("all ranks fail, or none").hasSameSizeAs(models);
      throw (RuntimeException) failures.get(0);
    }
    for (T result : results) {
      assertThat(isSame(result, results.get(0))).as("ranks agree: %s", results).isTrue();
    }
    return results.get(0);
  }

  /** Bit for bit. */
  private static boolean isSame(Object a, Object b) {
    return a instanceof TokenLogProbs x && b instanceof TokenLogProbs y
        ? Arrays.equals(x.values(), y.values())
            && Arrays.stream(TokenStatistic.values())
                .filter(x::has)
                .allMatch(it -> Arrays.equals(x.statistic(it), y.statistic(it)))
        : Objects.deepEquals(a, b);
  }

  @Override
  public void accumulate(
      PreferenceBatch batch, Set<TokenStatistic> statistics, Objective objective) {
    Objective once = new FirstAnswer(objective);
    each(it -> it.accumulate(batch, statistics, once));
  }

  /** A test's objective counts on being called once. */
  private static final class FirstAnswer implements Objective {

    private final Objective objective;
    private @Nullable TokenGradient answer;
    private @Nullable RuntimeException failure;

    FirstAnswer(Objective objective) {
      this.objective = objective;
    }

    @Override
    public synchronized TokenGradient gradient(TokenLogProbs policy) {
      if (failure != null) {
        throw failure;
      }
      if (answer == null) {
        try {
          answer = objective.gradient(policy);
        } catch (RuntimeException e) {
          failure = e;
          throw e;
        }
      }
      return answer;
    }
  }

  @Override
  public TokenLogProbs score(PreferenceBatch batch, Set<TokenStatistic> statistics) {
    return all(it -> it.score(batch, statistics));
  }

  @Override
  public DecodingSession decode(long cacheTokens) {
    return ranks.get(0).decode(cacheTokens);
  }

  @Override
  public List<List<Completion>> generate(List<GenerationRequest> requests) {
    return all(it -> it.generate(requests));
  }

  @Override
  public double step(OptimizerStep step) {
    return all(it -> it.step(step));
  }

  @Override
  public void trainOnly(Set<String> parameters) {
    each(it -> it.trainOnly(parameters));
  }

  @Override
  public void discardGradients() {
    each(Policy::discardGradients);
  }

  @Override
  public void copyToReference() {
    each(Policy::copyToReference);
  }

  @Override
  public boolean hasReference() {
    return all(Policy::hasReference);
  }

  @Override
  public LanguageModel reference() {
    List<LanguageModel> references = ranks.stream().map(Policy::reference).toList();
    return new ReferenceModel(this) {
      @Override
      public TokenLogProbs score(PreferenceBatch batch, Set<TokenStatistic> statistics) {
        return agreed(references, it -> it.score(batch, statistics));
      }

      @Override
      public DecodingSession decode(long cacheTokens) {
        return references.get(0).decode(cacheTokens);
      }

      @Override
      public double[] values(String parameter) {
        return agreed(references, it -> it.values(parameter));
      }
    };
  }

  @Override
  public void mixReference(double weight) {
    each(it -> it.mixReference(weight));
  }

  @Override
  public double referenceDistance() {
    return all(Policy::referenceDistance);
  }

  @Override
  public List<String> parameters() {
    return all(Policy::parameters);
  }

  @Override
  public List<String> weights() {
    return all(Policy::weights);
  }

  @Override
  public double[] values(String parameter) {
    return all(it -> it.values(parameter));
  }

  @Override
  public Optional<String> fingerprint() {
    return all(Policy::fingerprint);
  }

  @Override
  public void save(Path folder) {
    ranks.get(0).save(folder);
  }

  @Override
  public void saveState(Path folder) {
    List<CompletableFuture<Void>> others =
        ranks.stream()
            .skip(1)
            .map(it -> CompletableFuture.runAsync(it::contributeState, threads))
            .toList();
    ranks.get(0).saveState(folder);
    others.forEach(CompletableFuture::join);
  }

  @Override
  public void loadState(Path folder) {
    each(it -> it.loadState(folder));
  }

  @Override
  public int vocabularySize() {
    return all(Policy::vocabularySize);
  }

  @Override
  public int maxLength() {
    return all(Policy::maxLength);
  }

  @Override
  public void close() {
    ranks.forEach(Policy::close);
  }
}
