package io.github.tralign.generate;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/** Generates all completions of some requests and waits for them. */
public final class AllCompletions {

  private static final long CACHE_TOKENS = 16_384;

  private AllCompletions() {}

  /**
   * Generates in a session.
   *
   * @return each request's completions, in order
   * @throws IllegalArgumentException if a request can never fit in the session
   */
  public static List<List<Completion>> of(
      DecodingSession session, List<GenerationRequest> requests) {
    requireNonNull(requests, "requests");
    List<Completion[]> completions = new ArrayList<>();
    try (Generator generator = new Generator(session)) {
      for (GenerationRequest request : requests) {
        Completion[] ofRequest = new Completion[request.samples()];
        completions.add(ofRequest);
        generator.add(request, (sample, completion) -> ofRequest[sample] = completion);
      }
      while (generator.step()) {}
    }
    return completions.stream().map(List::of).toList();
  }

  /**
   * A suitable number of tokens for the cache of a session: enough for all requests at once, but
   * only as much as the largest one requires where that is more than 16,384 tokens.
   *
   * @param maxLength the maximum length of a sequence
   */
  public static long cacheTokens(List<GenerationRequest> requests, int maxLength) {
    requireNonNull(requests, "requests");
    long all = 1;
    long largest = 1;
    for (GenerationRequest request : requests) {
      long prompt = request.prompt().length();
      long most = Math.min(request.sampling().maxNewTokens(), Math.max(0, maxLength - prompt));
      all += prompt + request.samples() * most;
      largest = Math.max(largest, prompt + most);
    }
    return Math.max(largest, Math.min(all, CACHE_TOKENS));
  }
}
