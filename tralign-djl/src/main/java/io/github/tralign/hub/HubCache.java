package io.github.tralign.hub;

import static java.util.Objects.requireNonNull;

import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import io.github.tralign.hub.HubReference.Kind;
import io.github.tralign.text.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the local cache of Hugging Face's libraries holds. Nothing is downloaded, see {@link
 * HubFetch}.
 *
 * <p>Immutable.
 */
public final class HubCache {

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern REPO = Pattern.compile("(?:models|datasets)--([^-].*?)--(.+)");
  private static final String SNAPSHOTS = "snapshots";

  private final Path root;

  private HubCache(Path root) {
    this.root = root;
  }

  /** A cache in a folder, which need not exist. */
  public static HubCache at(Path folder) {
    return new HubCache(requireNonNull(folder, "folder"));
  }

  /**
   * The cache of this user: {@code HF_HUB_CACHE}, else {@code HF_HOME/hub}, else {@code
   * ~/.cache/huggingface/hub}.
   */
  public static HubCache ofEnvironment() {
    return at(HubEnvironment.ofProcess().cache());
  }

  /** Its folder. */
  public Path folder() {
    return root;
  }

  /**
   * The folder of a model, an adapter or a tokenizer.
   *
   * @param name {@code owner/name}, {@code owner/name@revision}; with {@code :folder} a folder of
   *     it
   * @throws InvalidInputException if the cache does not hold it; the message has the command that
   *     fetches it
   */
  public Path model(String name) {
    return resolve(HubReference.of(Kind.MODEL, requireNonNull(name, "name")));
  }

  /**
   * The data file of a data set, or a folder with nothing but the parts of one.
   *
   * @param name {@code owner/name}, {@code owner/name@revision}; with {@code :path} a file or
   *     folder of it
   * @throws InvalidInputException if the cache does not hold it; the message has the command that
   *     fetches it. Also if there are several data files and no path; the message lists them
   */
  public Path data(String name) {
    return resolve(HubReference.of(Kind.DATASET, requireNonNull(name, "name")));
  }

  /** As {@link #model} or {@link #data}. */
  public Path resolve(HubReference reference) {
    Path snapshot = snapshot(reference).orElseThrow(() -> missing(reference));
    if (!reference.path().isEmpty()) {
      Path path = snapshot.resolve(reference.path());
      if (!Files.exists(path)) {
        throw new InvalidInputException(
            reference
                + ": the cache holds no such file or folder of it"
                + choices(reference, snapshot)
                + "; to download it: "
                + command(reference));
      }
      return path;
    }
    return reference.kind() == Kind.MODEL ? snapshot : data(reference, snapshot);
  }

  /** Whether the cache holds a revision, or at least some of its files. */
  public boolean has(HubReference reference) {
    return snapshot(requireNonNull(reference, "reference")).isPresent();
  }

  /** The data files of a data set in the cache: what can be put behind {@code owner/name:}. */
  public List<String> dataFiles(HubReference reference) {
    return snapshot(requireNonNull(reference, "reference"))
        .map(HubCache::dataFiles)
        .orElse(List.of());
  }

  /**
   * The name of a folder or file of this cache, as {@link #resolve} gives it: {@code
   * owner/name@commit:path}; empty for other paths.
   */
  public Optional<String> nameOf(Path path) {
    Path full = requireNonNull(path, "path").toAbsolutePath().normalize();
    Path own = root.toAbsolutePath().normalize();
    if (!full.startsWith(own) || full.getNameCount() < own.getNameCount() + 3) {
      return Optional.empty();
    }
    Path inner = own.relativize(full);
    Matcher repo = REPO.matcher(inner.getName(0).toString());
    return inner.getName(1).toString().equals(SNAPSHOTS) && repo.matches()
        ? Optional.of(
            repo.group(1)
                + "/"
                + repo.group(2)
                + "@"
                + inner.getName(2)
                + (inner.getNameCount() == 3
                    ? ""
                    : ":" + slashed(inner.subpath(3, inner.getNameCount()))))
        : Optional.empty();
  }

  private static String slashed(Path path) {
    return path.toString().replace('\\', '/');
  }

  private Optional<Path> snapshot(HubReference reference) {
    Path repo = root.resolve(reference.folder());
    Path ref = repo.resolve("refs").resolve(reference.revision());
    String commit = reference.revision();
    try {
      if (Files.isRegularFile(ref)) {
        commit = Files.readString(ref).strip();
      }
    } catch (IOException e) {
      throw new InvalidInputException(ref + ": cannot be read: " + Reason.of(e), e);
    }
    return COMMIT.matcher(commit).matches()
        ? Optional.of(repo.resolve(SNAPSHOTS).resolve(commit)).filter(Files::isDirectory)
        : Optional.empty();
  }

  private InvalidInputException missing(HubReference reference) {
    List<String> others = commits(reference);
    return new InvalidInputException(
        reference
            + ": is neither a path nor in the cache "
            + root
            + (others.isEmpty() ? "" : ", which has only " + String.join(", ", others) + " of it")
            + "; to download it: "
            + command(reference));
  }

  private List<String> commits(HubReference reference) {
    try (Stream<Path> snapshots = Files.list(root.resolve(reference.folder()).resolve(SNAPSHOTS))) {
      return snapshots
          .map(it -> it.getFileName().toString())
          .filter(it -> COMMIT.matcher(it).matches())
          .sorted()
          .map(it -> reference.at(it).path("").toString())
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String command(HubReference reference) {
    return Shell.command()
        + " fetch "
        + reference
        + (reference.kind() == Kind.DATASET ? " --data" : "");
  }

  private static Path data(HubReference reference, Path snapshot) {
    List<String> files = dataFiles(snapshot);
    if (files.size() == 1) {
      return snapshot.resolve(files.get(0));
    }
    if (files.isEmpty()) {
      throw new InvalidInputException(
          reference
              + ": the cache holds no data file of it; to download some: "
              + command(reference));
    }
    return DataShards.folder(snapshot, files)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    reference + ": has several data files" + choices(reference, snapshot)));
  }

  private static String choices(HubReference reference, Path snapshot) {
    if (reference.kind() == Kind.MODEL) {
      return "";
    }
    return "; choose from"
        + dataFiles(snapshot).stream()
            .map(it -> "\n" + reference.path(it))
            .collect(Collectors.joining());
  }

  private static List<String> dataFiles(Path snapshot) {
    try (Stream<Path> files = Files.walk(snapshot)) {
      return files
          .filter(Files::isRegularFile)
          .map(it -> slashed(snapshot.relativize(it)))
          .filter(FileSelection::isData)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new InvalidInputException(snapshot + ": cannot be listed: " + Reason.of(e), e);
    }
  }
}
