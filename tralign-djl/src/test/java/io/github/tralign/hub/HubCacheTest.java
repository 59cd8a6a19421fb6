package io.github.tralign.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import io.github.tralign.hub.HubReference.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubCacheTest {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path root;

  private Path snapshot(String repo, String ref, String... files) throws IOException {
    Path snapshot = root.resolve(repo).resolve("snapshots").resolve(COMMIT);
    for (String file : files) {
      Files.createDirectories(snapshot.resolve(file).getParent());
      Files.writeString(snapshot.resolve(file), "{}");
    }
    if (!ref.isEmpty()) {
      Path refs = root.resolve(repo).resolve("refs").resolve(ref);
      Files.createDirectories(refs.getParent());
      Files.writeString(refs, COMMIT);
    }
    return snapshot;
  }

  private HubCache cache() {
    return HubCache.at(root);
  }

  @Test
  void a_model_is_found_by_branch_and_by_commit() throws IOException {
    Path snapshot = snapshot("models--owner--name", "refs/pr/1", "config.json");
    assertThat(cache().model("owner/name@refs/pr/1")).isEqualTo(snapshot);
    assertThat(cache().model("owner/name@" + COMMIT)).isEqualTo(snapshot);
    assertThatThrownBy(() -> cache().model("owner/name"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "owner/name: is neither a path nor in the cache "
                + root
                + ", which has only owner/name@"
                + COMMIT
                + " of it; to download it: ./tralign fetch owner/name");
  }

  @Test
  void what_is_missing_has_the_command_that_downloads_it() {
    assertThatThrownBy(() -> cache().data("owner/pairs@v1"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "owner/pairs@v1: is neither a path nor in the cache "
                + root
                + "; to download it: ./tralign fetch owner/pairs@v1 --data");
    assertThatThrownBy(() -> cache().model("name"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("'name' is no name of the hub; expected owner/name[@revision][:path]");
  }

  @Test
  void a_branch_that_leads_elsewhere_is_as_if_it_were_missing() throws IOException {
    snapshot("models--owner--name", "main", "config.json");
    for (String ref : new String[] {"../../..", "", "f".repeat(40), "/etc"}) {
      Files.writeString(root.resolve("models--owner--name/refs/main"), ref);
      assertThatThrownBy(() -> cache().model("owner/name"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("to download it");
    }
  }

  @Test
  void the_only_data_file_needs_no_path() throws IOException {
    Path snapshot =
        snapshot(
            "datasets--owner--pairs",
            "main",
            "README.md",
            "dataset_infos.json",
            ".cache/x.jsonl",
            "data/train.jsonl.gz");
    assertThat(cache().data("owner/pairs")).isEqualTo(snapshot.resolve("data/train.jsonl.gz"));
    assertThat(cache().data("owner/pairs:data")).isEqualTo(snapshot.resolve("data"));
  }

  @Test
  void one_of_several_data_files_must_be_chosen() throws IOException {
    Path snapshot =
        snapshot("datasets--owner--pairs", "main", "data/train.jsonl", "data/test.jsonl");
    assertThatThrownBy(() -> cache().data("owner/pairs"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "owner/pairs: has several data files; choose from"
                + "\nowner/pairs:data/test.jsonl\nowner/pairs:data/train.jsonl");
    assertThat(cache().data("owner/pairs:data/test.jsonl"))
        .isEqualTo(snapshot.resolve("data/test.jsonl"));
    assertThatThrownBy(() -> cache().data("owner/pairs:test.jsonl"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("owner/pairs:test.jsonl: the cache holds no such file")
        .hasMessageContaining("\nowner/pairs:data/test.jsonl\n");
  }

  @Test
  void the_parts_of_one_file_are_read_together() throws IOException {
    Path snapshot =
        snapshot(
            "datasets--owner--pairs",
            "main",
            "data/train-00000-of-00002.jsonl",
            "data/train-00001-of-00002.jsonl");
    assertThat(cache().data("owner/pairs")).isEqualTo(snapshot.resolve("data"));
    Files.createFile(snapshot.resolve("data/test-00000-of-00001.jsonl"));
    assertThatThrownBy(() -> cache().data("owner/pairs")).hasMessageContaining("several");
  }

  @Test
  void a_path_of_the_cache_has_a_name_that_leads_to_it() throws IOException {
    Path model = snapshot("models--some-owner--a_name.1", "main", "config.json");
    Path data = snapshot("datasets--owner--pairs", "main", "data/a.jsonl");
    assertThat(cache().nameOf(model)).contains("some-owner/a_name.1@" + COMMIT);
    assertThat(cache().model(cache().nameOf(model).orElseThrow())).isEqualTo(model);
    assertThat(cache().nameOf(data.resolve("data/a.jsonl")))
        .contains("owner/pairs@" + COMMIT + ":data/a.jsonl");
    for (Path other : new Path[] {root, root.resolve("models--a--b/refs/main"), Path.of("run")}) {
      assertThat(cache().nameOf(other)).as(other.toString()).isEmpty();
    }
    assertThat(HubCache.at(root.resolve("other")).nameOf(model)).isEmpty();
  }

  @Test
  void the_files_of_a_data_set_are_listed() throws IOException {
    snapshot("datasets--owner--pairs", "main", "b.csv", "a/b.json", "notes.txt");
    HubReference reference = HubReference.of(Kind.DATASET, "owner/pairs");
    assertThat(cache().has(reference)).isTrue();
    assertThat(cache().dataFiles(reference)).containsExactly("a/b.json", "b.csv");
    HubReference other = HubReference.of(Kind.DATASET, "owner/other");
    assertThat(cache().has(other)).isFalse();
    assertThat(cache().dataFiles(other)).isEmpty();
  }
}
