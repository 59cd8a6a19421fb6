package io.github.tralign.hub;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.source.RecordFiles;
import io.github.tralign.djl.huggingface.CheckpointFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which files of a repository are fetched: by default those that this library reads.
 *
 * @param all every file
 * @param include patterns of paths to fetch instead of what is read; none for the default
 * @param exclude patterns of paths that are left out of either
 */
record FileSelection(boolean all, ImmutableList<String> include, ImmutableList<String> exclude) {

  static final FileSelection DEFAULT =
      new FileSelection(false, ImmutableList.of(), ImmutableList.of());

  FileSelection {
    requireNonNull(include, "include");
    requireNonNull(exclude, "exclude");
  }

  /**
   * The files to fetch.
   *
   * @throws InvalidInputException if there is none, or a model has no weights that can be read
   */
  List<HubApi.Entry> of(HubReference reference, List<HubApi.Entry> files) {
    List<HubApi.Entry> within =
        files.stream().filter(it -> isWithin(it.path(), reference.path())).toList();
    List<String> names = within.stream().map(it -> inner(it.path(), reference.path())).toList();
    List<HubApi.Entry> chosen =
        within.stream()
            .filter(it -> isChosen(reference, it.path(), names))
            .filter(it -> exclude.stream().noneMatch(p -> matches(p, it.path())))
            .toList();
    if (chosen.isEmpty()) {
      throw new InvalidInputException(
          reference + ": has no file to fetch among its " + files.size() + files(files));
    }
    if (isDefault() && reference.kind() == HubReference.Kind.MODEL) {
      requireReadable(reference, names);
    }
    return chosen;
  }

  private boolean isDefault() {
    return !all && include.isEmpty();
  }

  private boolean isChosen(HubReference reference, String path, List<String> names) {
    if (!isDefault()) {
      return all || include.stream().anyMatch(it -> matches(it, path));
    }
    String name = inner(path, reference.path());
    return switch (reference.kind()) {
      case MODEL -> CheckpointFiles.isRead(name, names);
      case DATASET -> isData(path);
    };
  }

  private static void requireReadable(HubReference reference, List<String> names) {
    if (names.contains("config.json")
        && names.stream().noneMatch(it -> it.endsWith(".safetensors"))
        && names.stream().anyMatch(it -> it.matches("[^/]*\\.(bin|pth?|gguf|h5|msgpack|ckpt)"))) {
      throw new InvalidInputException(
          reference
              + ": has weights in other formats than safetensors, which are not read; another"
              + " revision, such as refs/pr/1, may have them");
    }
  }

  /** Whether a path is that of a file with rows, and not of one that describes a data set. */
  static boolean isData(String path) {
    return !path.matches("(.*/)?(dataset_infos?|dataset_dict|state)\\.json")
        && List.of(path.split("/")).stream().noneMatch(it -> it.matches("[._].*"))
        && RepoPath.isSafe(path)
        && RecordFiles.isDataFile(Path.of(path));
  }

  private static boolean isWithin(String file, String path) {
    return path.isEmpty() || file.equals(path) || file.startsWith(path + "/");
  }

  private static String inner(String file, String path) {
    return path.isEmpty() || file.equals(path) ? file : file.substring(path.length() + 1);
  }

  /** As in the hub's own tool: {@code *} is any text, {@code ?} one character. */
  private static boolean matches(String pattern, String path) {
    StringBuilder regex = new StringBuilder();
    for (String part : pattern.split("(?=[*?])|(?<=[*?])")) {
      regex.append(part.equals("*") ? ".*" : part.equals("?") ? "." : Pattern.quote(part));
    }
    return Pattern.compile(regex.toString()).matcher(path).matches();
  }

  private static String files(List<HubApi.Entry> files) {
    List<String> first = files.stream().limit(10).map(it -> HubHttp.shown(it.path())).toList();
    return " files"
        + (first.isEmpty() ? "" : ": " + String.join(", ", first))
        + (files.size() > first.size() ? ", …" : "");
  }
}
