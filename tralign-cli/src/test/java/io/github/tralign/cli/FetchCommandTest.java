package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.hub.LoopbackHub;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchCommandTest {

  private static final String HUB = "HF_ENDPOINT";
  private static final String CACHE = "HF_HUB_CACHE";

  @TempDir Path folder;
  private LoopbackHub hub;

  @BeforeEach
  void start() throws IOException {
    hub = new LoopbackHub("models/owner/tiny").withFilesOf(Cli.LLAMA);
    System.setProperty(HUB, hub.address());
    System.setProperty(CACHE, folder.resolve("hub").toString());
  }

  @AfterEach
  void stop() {
    hub.close();
    System.clearProperty(HUB);
    System.clearProperty(CACHE);
  }

  private Path snapshot() {
    return folder.resolve("hub/models--owner--tiny/snapshots").resolve(LoopbackHub.COMMIT);
  }

  @Test
  void a_fetched_model_is_used_by_its_name() throws IOException {
    Path scores = folder.resolve("scores.jsonl");
    Object[] scoring = {
      "logps", "--policy", "owner/tiny", "--data", Cli.ROWS, "--output", scores, "--threads", 1
    };
    Cli.Outcome before = Cli.run(scoring);
    assertThat(before.code()).isEqualTo(2);
    assertThat(before.err())
        .isEqualTo(
            "tralign: --policy: owner/tiny: is neither a path nor in the cache "
                + folder.resolve("hub")
                + "; to download it: ./tralign fetch owner/tiny\n");

    Cli.Outcome fetched = Cli.run("fetch", "owner/tiny");
    assertThat(fetched.code()).as(fetched.err()).isZero();
    assertThat(fetched.out())
        .isEqualTo("owner/tiny: " + snapshot() + "\nto use it: --policy owner/tiny\n");
    assertThat(fetched.err()).contains("fetching owner/tiny (MB)");

    hub.close(); // the network is not asked again
    Cli.Outcome after = Cli.run(scoring);
    assertThat(after.code()).as(after.err()).isZero();
    assertThat(scores).isNotEmptyFile();
  }

  @Test
  void a_run_records_the_commit_and_is_resumed_with_it() throws IOException {
    Cli.run("fetch", "owner/tiny");
    Path run = folder.resolve("run");
    Object[] training = {
      "sft",
      "--policy",
      "owner/tiny",
      "--data",
      Cli.ROWS,
      "--output",
      run,
      "--threads",
      1,
      "--limit",
      8,
      "--max-steps",
      2,
      "--checkpoint-every",
      1
    };
    Cli.Outcome first = Cli.run(training);
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(run.resolve("config.yaml"))
        .content()
        .containsPattern("(?m)^policy: \"?owner/tiny@" + LoopbackHub.COMMIT + "\"?$");
    Cli.Outcome resumed = Cli.run("sft", "--resume", "--output", run, "--max-steps", 3);
    assertThat(resumed.code()).as(resumed.err()).isZero();
  }

  @Test
  void a_folder_of_that_name_wins() throws IOException {
    Cli.run("fetch", "owner/tiny");
    assertThat(new HubPath.OfModel().convert("owner/tiny")).isEqualTo(snapshot());
    Path model = Cli.LLAMA; // of three names, and there
    assertThat(new HubPath.OfModel().convert(model.toString())).isEqualTo(model);
    for (String path : List.of("src/main", "src/misspelt", "a/pairs.jsonl", "pairs.jsonl", "-")) {
      assertThat(new HubPath.OfData().convert(path)).isEqualTo(Path.of(path));
    }
  }

  @Test
  void a_data_set_of_several_files_says_how_one_is_chosen() {
    try (LoopbackHub data =
        new LoopbackHub("datasets/owner/pairs")
            .with("data/train.jsonl", "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"}\n")
            .with("data/test.jsonl", "{\"prompt\":\"d\",\"chosen\":\"e\",\"rejected\":\"f\"}\n")) {
      System.setProperty(HUB, data.address());
      Cli.Outcome fetched = Cli.run("fetch", "owner/pairs", "--data", "--quiet");
      assertThat(fetched.code()).as(fetched.err()).isZero();
      assertThat(fetched.err()).isEmpty();
      assertThat(fetched.out())
          .endsWith(
              "\nto use it: --data owner/pairs:data/test.jsonl"
                  + "\nto use it: --data owner/pairs:data/train.jsonl\n");
      Cli.Outcome one =
          Cli.run("data", "--tokenizer", Cli.NEOX, "--data", "owner/pairs:data/test.jsonl");
      assertThat(one.code()).as(one.err()).isZero();
      assertThat(one.out()).contains("1 of 1 row used");
      Cli.Outcome several = Cli.run("data", "owner/pairs", "--tokenizer", Cli.NEOX);
      assertThat(several.code()).isEqualTo(2);
      assertThat(several.err())
          .endsWith(
              "owner/pairs: has several data files; choose from\n"
                  + "  owner/pairs:data/test.jsonl\n"
                  + "  owner/pairs:data/train.jsonl\n");
    }
  }

  @Test
  void what_cannot_be_fetched_is_one_message() {
    Map<String, Integer> codes =
        Map.of("owner/other", 2, "tiny", 2, "owner/tiny@v9", 2, "owner/tiny:nowhere", 2);
    codes.forEach(
        (name, code) -> {
          Cli.Outcome outcome = Cli.run("fetch", name);
          assertThat(outcome.code()).as(name).isEqualTo(code);
          assertThat(outcome.err().lines()).as(name).hasSize(1);
        });
    hub.close();
    Cli.Outcome outcome = Cli.run("fetch", "owner/tiny");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .startsWith("tralign: " + hub.address() + ": cannot be reached")
        .hasLineCount(1);
    assertThat(Cli.run("fetch").err()).isEqualTo("tralign: missing: NAME\n");
    assertThat(Cli.run("fetch", "owner/tiny", "--all", "--include", "*").err())
        .contains("--all: cannot be combined with --include");
  }
}
