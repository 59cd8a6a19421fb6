package io.github.tralign.djl.distributed;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a failure of gloo means. */
final class GlooFailure {

  private static final Pattern ADDRESS = Pattern.compile("\\[(?:::ffff:)?([0-9a-fA-F.:]+)\\]:\\d+");
  private static final Pattern SOURCE = Pattern.compile("\\[\\S*\\.cc:\\d+\\] *");

  private GlooFailure() {}

  /**
   * What another rank said before it left, else what gloo says, with the ranks that it may mean.
   */
  static String text(Throwable failure, JoinSettings settings, Rendezvous rendezvous) {
    String problem = rendezvous.problem();
    if (problem != null) {
      return problem;
    }
    String message = String.valueOf(failure.getMessage());
    if (message.contains("Timed out") || NcclFailure.isTimeout(message)) {
      return String.format(
          Locale.ROOT,
          "rank %d has waited %s for the other ranks: one of them hangs, or needs longer; if it"
              + " does, set a longer timeout",
          settings.rank(),
          Patience.text(settings.timeout()));
    }
    Matcher peer = ADDRESS.matcher(message);
    if (message.contains("onnection")
        || message.contains("Broken pipe")
        || NcclFailure.isLoss(message)) {
      return String.format(
          Locale.ROOT,
          "%s has ended or left the group; rank %d cannot continue",
          others(peer.find() ? peer.group(1) : null, settings, rendezvous),
          settings.rank());
    }
    return "rank " + settings.rank() + " cannot exchange with the others: " + firstLine(failure);
  }

  /** The other ranks at an address, or all if it is unknown. */
  private static String others(
      @Nullable String address, JoinSettings settings, Rendezvous rendezvous) {
    List<Integer> others =
        IntStream.range(0, settings.size()).filter(it -> it != settings.rank()).boxed().toList();
    List<Integer> there =
        others.stream()
            .filter(it -> rendezvous.addresses().get(it).getHostAddress().equals(address))
            .toList();
    String where = there.isEmpty() ? "" : " at " + address;
    List<Integer> meant = there.isEmpty() ? others : there;
    String ranks = meant.stream().map(Object::toString).collect(Collectors.joining(", "));
    return (meant.size() == 1 ? "rank " : "one of the ranks ") + ranks + where;
  }

  /** The first line of a message of gloo, without the place in its source. */
  static String firstLine(@Nullable Throwable failure) {
    String message = failure == null ? "" : String.valueOf(failure.getMessage());
    return SOURCE.matcher(message.lines().findFirst().orElse("")).replaceAll("").strip();
  }
}
