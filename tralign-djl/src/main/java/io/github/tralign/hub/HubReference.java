package io.github.tralign.hub;

import static java.util.Objects.requireNonNull;

import io.github.tralign.InvalidInputException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a text such as {@code owner/name@revision:path} means on the hub.
 *
 * @param kind whether it is a model or a data set
 * @param repo {@code owner/name}
 * @param revision a branch, a tag or a commit
 * @param path a file or folder in the repository; empty for the whole
 */
public record HubReference(Kind kind, String repo, String revision, String path) {

  /** The revision that is meant if none is given. */
  public static final String MAIN = "main";

  private static final int LONGEST_REPO = 96; // the hub's own limit
  private static final String WORD = "[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?";
  private static final Pattern TEXT =
      Pattern.compile("(" + WORD + "/" + WORD + ")(?:@([^@:]+))?(?::(.+))?");
  private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9_][\\w.+/-]*");

  /** A kind of repository. */
  public enum Kind {
    /** Weights and tokenizer of a model, or an adapter. */
    MODEL("model", ""),
    /** Files of rows. */
    DATASET("dataset", "datasets/");

    private final String word;
    private final String prefix; // of web addresses

    Kind(String word, String prefix) {
      this.word = word;
      this.prefix = prefix;
    }

    String prefix() {
      return prefix;
    }

    /** As in {@code models--owner--name} and {@code /api/models}. */
    String plural() {
      return word + "s";
    }
  }

  /** Checks the parts. */
  public HubReference {
    requireNonNull(kind, "kind");
    requireNonNull(repo, "repo");
    requireNonNull(revision, "revision");
    requireNonNull(path, "path");
    if (!isRepo(repo)) {
      throw new IllegalArgumentException("'" + repo + "' is no name of the form owner/name");
    }
    if (!isRevision(revision)) {
      throw new IllegalArgumentException("'" + revision + "' is no valid revision");
    }
    if (!path.isEmpty() && !RepoPath.isSafe(path)) {
      throw new IllegalArgumentException("'" + path + "' is no valid path in a repository");
    }
  }

  /** Reads a text of the form {@code owner/name[@revision][:path]}; empty if it is none. */
  public static Optional<HubReference> parse(Kind kind, String text) {
    requireNonNull(kind, "kind");
    Matcher parts = TEXT.matcher(requireNonNull(text, "text"));
    if (!parts.matches()) {
      return Optional.empty();
    }
    String revision = Optional.ofNullable(parts.group(2)).orElse(MAIN);
    String path = Optional.ofNullable(parts.group(3)).orElse("");
    return isRepo(parts.group(1))
            && isRevision(revision)
            && (path.isEmpty() || RepoPath.isSafe(path))
        ? Optional.of(new HubReference(kind, parts.group(1), revision, path))
        : Optional.empty();
  }

  /**
   * As {@link #parse}.
   *
   * @throws InvalidInputException if the text is no such name
   */
  public static HubReference of(Kind kind, String text) {
    return parse(kind, text)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "'" + text + "' is no name of the hub; expected owner/name[@revision][:path]"));
  }

  private static boolean isRepo(String repo) {
    return repo.matches(WORD + "/" + WORD)
        && repo.length() <= LONGEST_REPO
        && !repo.contains("--")
        && !repo.contains("..")
        && !repo.endsWith(".git");
  }

  private static boolean isRevision(String revision) {
    return REVISION.matcher(revision).matches() && RepoPath.isSafe(revision);
  }

  /** The folder in the cache, such as {@code models--owner--name}. */
  String folder() {
    return kind.plural() + "--" + repo.replace("/", "--");
  }

  /** The same of another revision. */
  HubReference at(String other) {
    return new HubReference(kind, repo, other, path);
  }

  /** The same with another path. */
  HubReference path(String other) {
    return new HubReference(kind, repo, revision, other);
  }

  /** The text that {@link #parse} reads. */
  @Override
  public String toString() {
    return repo
        + (revision.equals(MAIN) ? "" : "@" + revision)
        + (path.isEmpty() ? "" : ":" + path);
  }
}
