package io.github.tralign.serve;

import com.google.common.collect.ImmutableList;
import io.github.tralign.generate.GenerationRequest;

/**
 * What a client asks for.
 *
 * @param chat whether the answer has the form of a chat
 * @param requests one for each prompt, all with the same number of samples
 * @param stops texts that end a completion
 * @param stream whether text is sent as it comes
 * @param usage whether a stream ends with the numbers of tokens
 * @param logProbs whether the log-probability of each token is sent
 */
record CompletionCall(
    boolean chat,
    ImmutableList<GenerationRequest> requests,
    ImmutableList<String> stops,
    boolean stream,
    boolean usage,
    boolean logProbs) {

  /** The number of completions. */
  int choices() {
    return requests.size() * requests.get(0).samples();
  }

  /** The number of a completion among all. */
  int choice(int request, int sample) {
    return request * requests.get(0).samples() + sample;
  }

  /** The number of tokens of all prompts. */
  int promptTokens() {
    return requests.stream().mapToInt(it -> it.prompt().length()).sum();
  }
}
