package io.github.tralign.serve;

import io.github.tralign.djl.generate.GeneratedText;
import io.github.tralign.djl.generate.TextListener;
import io.github.tralign.generate.GeneratedToken;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** What happens to the completions of a call, passed from the generating thread to the call's. */
final class CallEvents {

  /** Something that happened. */
  sealed interface Event permits Token, End, Failure {}

  /**
   * A token.
   *
   * @param text what is certain now, maybe nothing
   */
  record Token(int choice, GeneratedToken token, String text) implements Event {}

  /** A completion has ended. */
  record End(int choice, GeneratedText text) implements Event {}

  /** A request cannot be completed. */
  record Failure(RuntimeException reason) implements Event {}

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final IntConsumer ended;
  private volatile boolean cancelled;

  /**
   * Events of a call.
   *
   * @param ended is called on the generating thread with the number of completions that have ended,
   *     each once
   */
  CallEvents(IntConsumer ended) {
    this.ended = ended;
  }

  /** Ends all completions of the call with their next token: nobody waits for them. */
  void cancel() {
    cancelled = true;
  }

  /** The next event, or null if nothing happens for a while. */
  @Nullable Event next(long millis) throws InterruptedException {
    return events.poll(millis, TimeUnit.MILLISECONDS);
  }

  /** Listens to a request of a call. */
  TextListener of(CompletionCall call, int request) {
    return new TextListener() {
      private int running = call.requests().get(request).samples();

      @Override
      public boolean token(int sample, GeneratedToken token, String text) {
        events.add(new Token(call.choice(request, sample), token, text));
        return !cancelled;
      }

      @Override
      public void finished(int sample, GeneratedText text) {
        events.add(new End(call.choice(request, sample), text));
        running--;
        ended.accept(1);
      }

      @Override
      public void failed(RuntimeException reason) {
        events.add(new Failure(reason));
        ended.accept(running);
      }
    };
  }
}
