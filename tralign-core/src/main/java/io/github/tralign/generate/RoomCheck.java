package io.github.tralign.generate;

import java.util.Locale;

/** Rejects requests that a session can never complete. */
final class RoomCheck {

  private RoomCheck() {}

  /**
   * The maximum number of new tokens of a request in a session.
   *
   * @throws IllegalArgumentException if not even one sample can ever fit, or a token id is not
   *     below the vocabulary's size
   */
  static int newTokens(DecodingSession session, GenerationRequest request) {
    int prompt = request.prompt().length();
    require(
        prompt < session.maxLength(),
        "the prompt has %d tokens, but a sequence has at most %d, prompt and completion together",
        prompt,
        session.maxLength());
    int most = Math.min(request.sampling().maxNewTokens(), session.maxLength() - prompt);
    require(
        (long) prompt + most <= session.capacity(),
        "a prompt of %d tokens and a completion of up to %d do not fit in a cache of %d tokens",
        prompt,
        most,
        session.capacity());
    int vocabulary = session.vocabularySize();
    request.prompt().stream()
        .filter(id -> id >= vocabulary)
        .forEach(
            id ->
                require(
                    false,
                    "the prompt has the token id %d, but ids must be below %d",
                    id,
                    vocabulary));
    return most;
  }

  private static void require(boolean holds, String message, Object... numbers) {
    if (!holds) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, message, numbers));
    }
  }
}
