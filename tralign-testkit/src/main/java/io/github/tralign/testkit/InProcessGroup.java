package io.github.tralign.testkit;

import static java.util.Objects.requireNonNull;

import com.google.common.primitives.Doubles;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.distributed.ProcessGroupException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A group whose ranks are threads of this process, for tests of what is to run in several
 * processes. It waits without a time limit for ranks that have not left.
 */
public final class InProcessGroup implements ProcessGroup {

  private final Meeting meeting;
  private final int rank;

  private InProcessGroup(Meeting meeting, int rank) {
    this.meeting = meeting;
    this.rank = rank;
  }

  /** The views that the ranks of a group have, in their order; each is for a thread of its own. */
  public static List<InProcessGroup> ofSize(int size) {
    Meeting meeting = new Meeting(size);
    List<InProcessGroup> ranks = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      ranks.add(new InProcessGroup(meeting, rank));
    }
    return List.copyOf(ranks);
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return meeting.parts.length;
  }

  @Override
  public double[] allGather(double[] mine, int[] lengths) {
    requireNonNull(mine, "mine");
    requireNonNull(lengths, "lengths");
    if (lengths.length != size() || lengths[rank] != mine.length) {
      throw new IllegalArgumentException(
          mine.length + " values on rank " + rank + ", not as many as the lengths say");
    }
    double[][] all = meeting.exchange(rank, mine.clone());
    for (int other = 0; other < size(); other++) {
      if (all[other].length != lengths[other]) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "rank %d has %d values where rank %d expects %d",
                other,
                all[other].length,
                rank,
                lengths[other]));
      }
    }
    return Doubles.concat(all);
  }

  @Override
  public void close() {
    meeting.leave(rank);
  }

  /** Where all ranks meet at each call. */
  private static final class Meeting {

    private double[][] parts;
    private double[][] gathered = {};
    private int present;
    private long calls; // complete ones
    private int left = -1; // the first rank that left

    Meeting(int size) {
      parts = new double[size][];
    }

    synchronized double[][] exchange(int rank, double[] mine) {
      requireComplete();
      parts[rank] = mine;
      long call = calls;
      if (++present == parts.length) {
        gathered = parts.clone();
        present = 0;
        calls++;
        notifyAll();
      }
      while (calls == call) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          leave(rank);
        }
        if (calls == call) {
          requireComplete();
        }
      }
      return gathered;
    }

    private void requireComplete() {
      if (left >= 0) {
        throw new ProcessGroupException(
            String.format(Locale.ROOT, "rank %d of %d has ended or failed", left, parts.length));
      }
    }

    synchronized void leave(int rank) {
      if (left < 0) {
        left = rank;
      }
      notifyAll();
    }
  }
}
