package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MeanwhileTest {

  private final AtomicReference<Thread> worker = new AtomicReference<>();

  @Test
  void what_was_made_is_there_for_who_waits() {
    try (BackgroundTask<String> work = BackgroundTask.begin("test", () -> "done")) {
      assertThat(work.get()).isEqualTo("done");
      assertThat(work.get()).isEqualTo("done");
    }
  }

  @Test
  void what_went_wrong_is_reported_to_who_waits() {
    try (BackgroundTask<String> work =
        BackgroundTask.begin(
            "test",
            () -> {
              throw new Refusal("--data", "is missing");
            })) {
      assertThatThrownBy(work::get).isInstanceOf(Refusal.class).hasMessage("--data: is missing");
    }
    try (BackgroundTask<String> work =
        BackgroundTask.begin(
            "test",
            () -> {
              throw new IOException("disk");
            })) {
      assertThatThrownBy(work::get).hasRootCauseMessage("disk");
    }
  }

  @Test
  void work_that_nobody_waits_for_is_interrupted_and_over() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    try (BackgroundTask<String> work =
        BackgroundTask.begin(
            "test",
            () -> {
              worker.set(Thread.currentThread());
              begun.countDown();
              never.await();
              return "";
            })) {
      begun.await();
      assertThat(work).isNotNull();
    }
    assertThat(worker.get().isAlive()).isFalse();
  }
}
