package io.github.tralign.cli;

import io.github.tralign.hub.HubCache;
import io.github.tralign.hub.HubFetch;
import io.github.tralign.hub.HubReference;
import io.github.tralign.hub.HubReference.Kind;
import io.github.tralign.text.Shell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./tralign fetch}: downloads a model or a data set, the only command with a network. */
@Command(
    name = "fetch",
    description = "Downloads a model or a data set from the Hugging Face Hub into the local cache.",
    customSynopsis = "${ROOT-COMMAND-NAME} fetch NAME [OPTION...]",
    sortOptions = false,
    footer = {
      "",
      "Other commands take the same NAME as --policy or --data. An interrupted download is resumed."
          + " HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE, https_proxy and no_proxy"
          + " are read; docs/command-line.md explains them.",
      "",
      "Example: ${ROOT-COMMAND-NAME} fetch EleutherAI/pythia-70m"
    })
final class FetchCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(
      arity = "0..1",
      hideParamSyntax = true,
      paramLabel = "NAME",
      description = {
        "owner/name, or owner/name@revision with a branch, tag or commit. owner/name:path is a"
            + " folder of a model, or a file or folder of a data set."
      })
  private String name = "";

  @Option(names = "--data", description = "NAME is a data set. Default: a model.")
  private boolean data;

  @Option(
      names = "--include",
      paramLabel = "PATTERN",
      description = {
        "Downloads the files whose paths match, with * for any text. May be given several times."
            + " Default: the files that tralign reads."
      })
  private List<String> include = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "PATTERN",
      description = "Leaves out the files whose paths match. May be given several times.")
  private List<String> exclude = new ArrayList<>();

  @Option(names = "--all", description = "Downloads all files, also those that are not read.")
  private boolean all;

  @Option(names = "--quiet", description = "Shows the result only, no progress.")
  private boolean quiet;

  FetchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Refusal.requireAll(Map.of("NAME", !name.isEmpty()));
    HubReference reference = HubReference.of(data ? Kind.DATASET : Kind.MODEL, name);
    if (all && !include.isEmpty()) {
      throw new Refusal("--all", "cannot be combined with --include");
    }
    HubFetch fetch = HubFetch.ofEnvironment().include(include).exclude(exclude);
    try (Progress progress = Progress.on(console.err(), quiet)) {
      FetchedBytes shown = new FetchedBytes(progress, "fetching " + reference);
      Path folder = fetch(all ? fetch.all() : fetch, shown);
      progress.end();
      console.out().println(reference + ": " + folder);
      if (data) {
        HubCache.ofEnvironment()
            .dataFiles(reference)
            .forEach(it -> console.out().println(use(reference, it)));
      } else {
        console.out().println("to use it: --policy " + Shell.word(reference));
      }
    }
    return 0;
  }

  private Path fetch(HubFetch fetch, FetchedBytes shown) {
    HubFetch watched = fetch.onProgress(shown);
    return data ? watched.data(name) : watched.model(name);
  }

  private static String use(HubReference reference, String file) {
    HubReference one =
        new HubReference(reference.kind(), reference.repo(), reference.revision(), file);
    return "to use it: --data " + Shell.word(one);
  }
}
