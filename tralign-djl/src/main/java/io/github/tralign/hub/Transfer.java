package io.github.tralign.hub;

import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Passes on the body of one response as it arrives. Once abandoned, it passes on nothing more. */
final class Transfer implements BodyHandler<@Nullable Void>, BodySubscriber<@Nullable Void> {

  private final Function<ResponseInfo, Sink> sinks;
  private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

  private Sink sink = bytes -> {};
  private Flow.@Nullable Subscription subscription;
  private long received;
  private boolean abandoned;

  /** Takes the parts of a body. */
  interface Sink {
    /** Takes all bytes of a buffer. */
    void accept(ByteBuffer bytes) throws TransientException;
  }

  /**
   * A transfer.
   *
   * @param sinks where a body goes, by status and headers
   */
  Transfer(Function<ResponseInfo, Sink> sinks) {
    this.sinks = sinks;
  }

  @Override
  public synchronized BodySubscriber<@Nullable Void> apply(ResponseInfo head) {
    received++;
    if (!abandoned) {
      sink = sinks.apply(head);
    }
    return this;
  }

  /** A number that rises as long as something arrives. */
  synchronized long received() {
    return received;
  }

  /** Whatever still arrives is dropped: the sink belongs to the caller again. */
  synchronized void abandon() {
    abandoned = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }

  @Override
  public CompletionStage<@Nullable Void> getBody() {
    return done;
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription it) {
    subscription = it;
    it.request(1);
  }

  @Override
  public synchronized void onNext(List<ByteBuffer> parts) {
    if (abandoned) {
      return;
    }
    try {
      for (ByteBuffer part : parts) {
        received += part.remaining();
        sink.accept(part);
      }
      if (subscription != null) {
        subscription.request(1);
      }
    } catch (TransientException | RuntimeException e) {
      abandon();
      done.completeExceptionally(e);
    }
  }

  @Override
  public void onError(Throwable e) {
    done.completeExceptionally(e);
  }

  @Override
  public void onComplete() {
    done.complete(null);
  }
}
