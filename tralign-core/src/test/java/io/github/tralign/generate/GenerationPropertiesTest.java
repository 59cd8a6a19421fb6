package io.github.tralign.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class GenerationPropertiesTest {

  @Property
  void larger_k_and_p_keep_more_and_larger_min_p_keeps_less(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = -20, max = 20) Integer> halves,
      @ForAll @IntRange(max = 45) int k,
      @ForAll @DoubleRange(min = 0.01, max = 1) double p,
      @ForAll @DoubleRange(min = 0.01, max = 1) double other,
      @ForAll @DoubleRange(min = 0.01, max = 3) double temperature) {
    float[] logits = new float[halves.size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = halves.get(i) / 2f;
    }
    Sampling all = Sampling.ofModel().temperature(temperature);
    double low = Math.min(p, other);
    double high = Math.max(p, other);
    assertThat(kept(all, logits)).hasSize(logits.length);
    assertNested(all.topK(k + 1), all.topK(k + 2), logits);
    assertNested(all.topP(low), all.topP(high), logits);
    assertNested(all.minP(high), all.minP(low), logits);
    assertNested(all.topK(k + 1).topP(low).minP(high), all.topK(k + 1).topP(low), logits);
    int best = TokenChoice.largest(logits);
    float[] values = logits.clone();
    for (Sampling narrow : List.of(all.topK(1), all.topP(low), all.minP(1))) {
      assertThat(kept(narrow, logits)).anyMatch(id -> values[id] == values[best]);
    }
    assertThat(kept(all.topK(k + 1), logits))
        .hasSizeGreaterThanOrEqualTo(Math.min(k + 1, logits.length));
  }

  private static void assertNested(Sampling inner, Sampling outer, float[] logits) {
    assertThat(kept(outer, logits)).isNotEmpty().containsAll(kept(inner, logits));
    assertThat(kept(inner, logits)).isNotEmpty();
  }

  private static List<Integer> kept(Sampling sampling, float[] logits) {
    return Ints.asList(
        TokenChoice.candidates(sampling, logits, logits[TokenChoice.largest(logits)]).ids());
  }

  /** Together and one by one, in any order, in small and large sessions and passes. */
  @Property(tries = 200)
  void the_text_of_a_sample_depends_on_its_request_only(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 12) int number,
      @ForAll @IntRange(max = 100) int extra,
      @ForAll @IntRange(min = 1, max = 12) int maxPassTokens) {
    Random random = new Random(seed);
    List<GenerationRequest> requests = new ArrayList<>();
    for (int row = 0; row < number; row++) {
      requests.add(request(random).row(row));
    }
    int needed =
        requests.stream()
            .mapToInt(it -> it.prompt().length() + it.sampling().maxNewTokens())
            .max()
            .orElseThrow();
    Map<String, Completion> expected = new HashMap<>();
    for (GenerationRequest request : requests) {
      run(List.of(request), new FakeSession(1000), 4096, expected);
    }
    Collections.shuffle(requests, random);
    Map<String, Completion> together = new HashMap<>();
    run(requests, new FakeSession(needed + extra), maxPassTokens, together);
    assertThat(together)
        .hasSize(requests.stream().mapToInt(GenerationRequest::samples).sum())
        .isEqualTo(expected);
  }

  private static GenerationRequest request(Random random) {
    int[] prompt = random.ints(1 + random.nextInt(9), 0, FakeSession.VOCABULARY).toArray();
    Sampling sampling =
        Sampling.greedy()
            .temperature(random.nextInt(3))
            .topK(random.nextInt(5))
            .repetitionPenalty(1 + random.nextInt(2))
            .maxNewTokens(1 + random.nextInt(12))
            .endTokens(Set.of(random.nextInt(FakeSession.VOCABULARY)));
    return GenerationRequest.of(prompt, sampling).samples(1 + random.nextInt(4)).seed(5);
  }

  /** Requests start in order, and capacity is never exceeded, which the session checks. */
  private static void run(
      List<GenerationRequest> requests,
      FakeSession session,
      int maxPassTokens,
      Map<String, Completion> completions) {
    List<GenerationRequest> started = new ArrayList<>();
    try (Generator generator = new Generator(session, maxPassTokens)) {
      for (GenerationRequest request : requests) {
        generator.add(
            request,
            new GenerationListener() {
              @Override
              public boolean token(int sample, GeneratedToken token) {
                if (!started.contains(request)) {
                  started.add(request);
                }
                return true;
              }

              @Override
              public void finished(int sample, Completion completion) {
                completions.put(request.row() + " " + sample, completion);
              }
            });
      }
      while (generator.step()) {}
    }
    assertThat(started).isEqualTo(requests);
    assertThat(session.free()).isEqualTo(session.capacity());
  }
}
