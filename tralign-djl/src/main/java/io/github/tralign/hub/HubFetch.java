package io.github.tralign.hub;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.hub.HubReference.Kind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Downloads models and data sets from the Hugging Face Hub into the cache of Hugging Face's
 * libraries, which read them there as {@link HubCache} does.
 *
 * <p>What arrives is compared with the hashes that the hub gives. A revision appears in the cache
 * when all its files are there, and replaces the older one of the same branch then. A fetch that
 * failed or was killed is resumed by the next, and two at once do not disturb each other. The
 * environment variables {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_ENDPOINT}, {@code
 * HF_TOKEN} and {@code HF_HUB_OFFLINE} mean what they mean there; proxies are those of {@code
 * https_proxy}, {@code http_proxy} and {@code no_proxy}, else Java's own.
 *
 * <p>Immutable.
 */
public final class HubFetch {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final HubEnvironment environment;
  private final Duration patience;
  private final Retries retries;
  private final FileSelection selection;
  private final FetchProgress progress;

  HubFetch(
      HubEnvironment environment,
      Duration patience,
      Retries retries,
      FileSelection selection,
      FetchProgress progress) {
    this.environment = environment;
    this.patience = patience;
    this.retries = retries;
    this.selection = selection;
    this.progress = progress;
  }

  /** Fetches as the environment variables say, what this library reads. */
  public static HubFetch ofEnvironment() {
    return new HubFetch(
        HubEnvironment.ofProcess(),
        PATIENCE,
        new Retries(time -> Thread.sleep(time.toMillis())),
        FileSelection.DEFAULT,
        (file, done, total) -> {});
  }

  /** The same with every file. */
  public HubFetch all() {
    return with(new FileSelection(true, selection.include(), selection.exclude()));
  }

  /** The same with other files: those whose paths match a pattern, with {@code *} for any text. */
  public HubFetch include(List<String> patterns) {
    return with(
        new FileSelection(
            selection.all(),
            ImmutableList.copyOf(requireNonNull(patterns, "patterns")),
            selection.exclude()));
  }

  /** The same without the files whose paths match a pattern. */
  public HubFetch exclude(List<String> patterns) {
    return with(
        new FileSelection(
            selection.all(),
            selection.include(),
            ImmutableList.copyOf(requireNonNull(patterns, "patterns"))));
  }

  /** The same, which tells how far it is. */
  public HubFetch onProgress(FetchProgress listener) {
    return new HubFetch(
        environment, patience, retries, selection, requireNonNull(listener, "listener"));
  }

  private HubFetch with(FileSelection other) {
    return new HubFetch(environment, patience, retries, other, progress);
  }

  /**
   * Fetches a model, an adapter or a tokenizer.
   *
   * @param name {@code owner/name}, {@code owner/name@revision}; with {@code :folder} a folder of
   *     it
   * @return the folder with its files
   * @throws InvalidInputException if there is no such model, or no access
   * @throws HubException if it cannot be fetched now
   */
  public Path model(String name) {
    return fetch(HubReference.of(Kind.MODEL, requireNonNull(name, "name")));
  }

  /**
   * Fetches a data set.
   *
   * @param name {@code owner/name}, {@code owner/name@revision}; with {@code :path} a file or
   *     folder of it only
   * @return the folder with its files
   * @throws InvalidInputException if there is no such data set, or no access
   * @throws HubException if it cannot be fetched now
   */
  public Path data(String name) {
    return fetch(HubReference.of(Kind.DATASET, requireNonNull(name, "name")));
  }

  private Path fetch(HubReference reference) {
    if (environment.isOffline()) {
      throw new InvalidInputException("HF_HUB_OFFLINE is set, so nothing can be fetched");
    }
    HubHttp http = new HubHttp(client(), environment.endpoint(), environment.token(), patience);
    HubApi api = new HubApi(http, retries);
    HubApi.Revision revision = api.revision(reference);
    HubReference commit = reference.at(revision.commit()).path("");
    List<HubApi.Entry> chosen = selection.of(reference, revision.files());
    for (HubApi.Entry entry : chosen) {
      if (!RepoPath.isSafe(entry.path())) {
        throw new InvalidInputException(
            reference
                + ": the file name '"
                + HubHttp.shown(entry.path())
                + "' is not safe to write");
      }
    }
    List<RemoteFile> files = chosen.stream().map(entry -> api.file(commit, entry)).toList();
    Path cache = environment.cache();
    SnapshotWriter snapshot =
        new SnapshotWriter(
            cache.resolve(reference.folder()), revision.commit(), environment.hasLinks());
    new BlobFetch(http, api, retries, commit, snapshot, progress)
        .fetch(files, cache.resolve(".locks").resolve(reference.folder()));
    try {
      for (RemoteFile file : files) {
        snapshot.show(file);
      }
    } catch (IOException e) {
      throw PartialBlob.unwritable(snapshot.folder(), e);
    }
    snapshot.setRevision(reference.revision());
    return snapshot.folder();
  }

  private HttpClient client() {
    HttpClient.Builder client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    environment.proxies().ifPresent(client::proxy); // else Java's own
    return client.build();
  }
}
