package io.github.tralign.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscription;
import org.junit.jupiter.api.Test;

class LimitedBodyTest {

  private final LimitedBody body = new LimitedBody(3);
  private boolean cancelled;

  private CompletableFuture<Optional<byte[]>> receive(int... lengths) {
    body.onSubscribe(
        new Subscription() {
          @Override
          public void request(long n) {}

          @Override
          public void cancel() {
            cancelled = true;
          }
        });
    for (int length : lengths) {
      body.onNext(List.of(ByteBuffer.wrap(new byte[length])));
    }
    return body.getBody().toCompletableFuture();
  }

  @Test
  void what_is_within_the_limit_arrives_whole() {
    CompletableFuture<Optional<byte[]>> received = receive(1, 2);
    assertThat(received).isNotDone();
    body.onComplete();
    assertThat(received.join()).hasValue(new byte[3]);
    assertThat(cancelled).isFalse();
  }

  @Test
  void what_is_beyond_it_ends_the_transfer() {
    assertThat(receive(2, 2, 2).join()).isEmpty();
    assertThat(cancelled).isTrue();
  }

  @Test
  void a_failure_is_passed_on() {
    CompletableFuture<Optional<byte[]>> received = receive(1);
    body.onError(new IOException("cut"));
    assertThatThrownBy(received::join).hasCause(new IOException("cut"));
  }
}
