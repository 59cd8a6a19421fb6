package io.github.tralign.djl.distributed;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.distributed.ProcessGroupException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the processes of a group find each other in the store of their meeting point: each puts its
 * number of processes, its collectives and its rank there, first come, first served, and waits for
 * the others. What is wrong with one of them is put there too, so that all end with the same
 * message.
 */
final class Rendezvous implements AutoCloseable {

  private static final Duration LAST_WORD = Duration.ofSeconds(1);

  /** How long the meeting point may take to answer when something is wrong already. */
  private static final int ANSWER_MILLIS = 3_000;

  private final Store store;
  private final JoinSettings settings;
  private final Patience patience;
  private final String id = UUID.randomUUID().toString(); // two processes may have one rank
  private ImmutableList<InetAddress> addresses = ImmutableList.of();

  private Rendezvous(Store store, JoinSettings settings, Patience patience) {
    this.store = store;
    this.settings = settings;
    this.patience = patience;
  }

  static Rendezvous at(JoinSettings settings, Patience patience) {
    int left = patience.upTo(Integer.MAX_VALUE);
    try {
      return new Rendezvous(
          Store.connect(settings.host(), settings.port(), left), settings, patience);
    } catch (IllegalStateException e) {
      throw new InvalidInputException(
          "what listens at "
              + settings.place()
              + " does not answer as the meeting point of a group",
          e);
    }
  }

  /** The addresses of all ranks, once all are there. */
  ImmutableList<InetAddress> addresses() {
    return addresses;
  }

  /**
   * Puts this process there, and waits for the others.
   *
   * @throws InvalidInputException if a process does not fit the others
   * @throws ProcessGroupException if one of them does not come in time, or the meeting point ends
   */
  void meet(InetAddress own) {
    try {
      agreeOnSettings();
      takeRank(own);
      addresses =
          IntStream.range(0, settings.size())
              .mapToObj(rank -> await("rank/" + rank))
              .map(Rendezvous::address)
              .collect(ImmutableList.toImmutableList());
      requireReachable();
    } catch (IllegalStateException e) {
      throw new ProcessGroupException(
          "the meeting point at "
              + settings.place()
              + " ended, or did not answer, before all ranks were there",
          e);
    }
  }

  /** As long as others are waited for, the meeting point may have much to do. */
  private String put(String key, String value) {
    return store.put(key, value, Math.max(ANSWER_MILLIS, patience.upTo(Integer.MAX_VALUE)));
  }

  /** The value of a key, empty if it has none. */
  private String get(String key) {
    return store.put(key, "", ANSWER_MILLIS);
  }

  private void agreeOnSettings() {
    String mine = settings.size() + " " + settings.rank() + " " + settings.collectives();
    String[] first = put("settings", mine).split(" ");
    if (Integer.parseInt(first[0]) != settings.size()) {
      throw invalid(
          "rank %d was started as one of %d processes, but rank %s as one of %s",
          settings.rank(), settings.size(), first[1], first[0]);
    }
    if (!first[2].equals(settings.collectives())) {
      throw invalid(
          "rank %d exchanges arrays by %s, but rank %s by %s; use the same on all ranks",
          settings.rank(), settings.collectives(), first[1], first[2]);
    }
  }

  private void takeRank(InetAddress own) {
    String mine = own.getHostAddress() + " " + ProcessHandle.current().pid() + " " + id;
    String[] first = put("rank/" + settings.rank(), mine).split(" ");
    if (!String.join(" ", first).equals(mine)) {
      throw invalid(
          "two processes have rank %d: process %s at %s and process %d at %s",
          settings.rank(), first[1], first[0], ProcessHandle.current().pid(), own.getHostAddress());
    }
  }

  private String await(String key) {
    while (true) {
      String value = put(key, "");
      if (!value.isEmpty()) {
        return value;
      }
      requireNoProblem();
      if (patience.isOver()) {
        throw new ProcessGroupException(
            String.format(
                Locale.ROOT,
                "%s of %d did not join at %s within %s",
                missing(),
                settings.size(),
                settings.place(),
                Patience.text(settings.timeout())));
      }
      patience.pause();
    }
  }

  private String missing() {
    List<String> ranks =
        IntStream.range(0, settings.size())
            .filter(rank -> get("rank/" + rank).isEmpty())
            .mapToObj(Integer::toString)
            .toList();
    return (ranks.size() == 1 ? "rank " : "ranks ") + String.join(", ", ranks);
  }

  private static InetAddress address(String value) {
    try {
      return InetAddress.getByName(value.split(" ")[0]); // a literal: no name is looked up
    } catch (UnknownHostException e) {
      throw new IllegalStateException(value, e);
    }
  }

  private void requireReachable() {
    for (int rank = 0; rank < addresses.size(); rank++) {
      InetAddress its = addresses.get(rank);
      for (int other = 0; other < addresses.size(); other++) {
        if (its.isLoopbackAddress() && !addresses.get(other).isLoopbackAddress()) {
          throw new InvalidInputException(
              String.format(
                  Locale.ROOT,
                  "rank %d has the address %s, which only its own machine can reach, but rank %d"
                      + " has %s; set the address of rank %d",
                  rank,
                  its.getHostAddress(),
                  other,
                  addresses.get(other).getHostAddress(),
                  rank));
        }
      }
    }
  }

  /** Throws what another process found wrong, if there is such a thing. */
  void requireNoProblem() {
    String problem = problem();
    if (problem != null) {
      throw new InvalidInputException(problem);
    }
  }

  /** What a process has said to be wrong, null if nothing is known. */
  @Nullable String problem() {
    try {
      String problem = get("problem");
      if (problem.isEmpty()) {
        return null;
      }
      store.put("heard/" + id, "yes", ANSWER_MILLIS);
      return problem;
    } catch (IllegalStateException e) {
      return null; // the meeting point has ended
    }
  }

  private InvalidInputException invalid(String message, Object... values) {
    String problem = String.format(Locale.ROOT, message, values);
    report(problem);
    return new InvalidInputException(problem);
  }

  /** Says to all what is wrong, unless another process did so before. */
  void report(String problem) {
    try {
      store.put("problem", problem, ANSWER_MILLIS);
      store.put("heard/" + id, "yes", ANSWER_MILLIS);
    } catch (IllegalStateException e) {
      // The meeting point has ended: the others see that.
    }
  }

  /** Where the meeting point may end with this process, lets the others hear of a problem first. */
  @Override
  public void close() {
    try {
      Patience rest = new Patience(LAST_WORD);
      while (settings.rank() == 0 && problem() != null && !allHeard() && !rest.isOver()) {
        rest.pause();
      }
    } catch (IllegalStateException e) {
      // The meeting point has ended: there is nobody to wait for.
    } finally {
      store.close();
    }
  }

  /** Whether all that hold a rank have heard: another process with that rank knows by itself. */
  private boolean allHeard() {
    return IntStream.range(0, settings.size())
        .mapToObj(rank -> get("rank/" + rank))
        .filter(holder -> !holder.isEmpty())
        .noneMatch(holder -> get("heard/" + holder.split(" ")[2]).isEmpty());
  }
}
