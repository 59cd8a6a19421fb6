package io.github.tralign.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Keeps what a driver hears. */
final class Lines implements RankListener {

  final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  final List<String> metrics = Collections.synchronizedList(new ArrayList<>());
  final List<String> ends = Collections.synchronizedList(new ArrayList<>());
  final CountDownLatch misbehaves = new CountDownLatch(1);

  @Override
  public void onLine(int rank, int attempt, String line) {
    lines.add(attempt + "/" + rank + ": " + line);
    if (line.startsWith("now: ")) {
      misbehaves.countDown();
    }
  }

  @Override
  public void onMetrics(String json) {
    metrics.add(json);
  }

  @Override
  public void onEnd(int rank, int attempt, int exitCode) {
    ends.add(attempt + "/" + rank + ": " + exitCode);
  }
}
