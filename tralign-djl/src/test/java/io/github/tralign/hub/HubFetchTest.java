package io.github.tralign.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import io.github.tralign.hub.LoopbackServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HubFetchTest extends FetchFixture {

  @Test
  void what_is_read_of_a_model_is_fetched_into_the_layout_of_the_cache() throws IOException {
    Path snapshot = fetch.get().model("owner/name");
    assertThat(snapshot).isEqualTo(repo().resolve("snapshots/" + LoopbackHub.COMMIT));
    assertThat(files(snapshot))
        .containsExactly(
            "README.md",
            "additional_chat_templates/tools.jinja",
            "config.json",
            "model.safetensors",
            "tokenizer.json");
    assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(WEIGHTS).isSymbolicLink();
    assertThat(Files.readSymbolicLink(snapshot.resolve("config.json")))
        .isEqualTo(Path.of("../../blobs/" + LoopbackHub.gitHash(CONFIG.getBytes(UTF_8))));
    assertThat(Files.readSymbolicLink(snapshot.resolve("additional_chat_templates/tools.jinja")))
        .startsWithRaw(Path.of("../../../blobs"));
    assertThat(repo().resolve("refs/main")).hasContent(LoopbackHub.COMMIT);
    assertThat(files(repo().resolve("blobs"))).hasSize(5);
    assertThat(folder.resolve("hub/.locks/models--owner--name/" + WEIGHTS_HASH + ".lock")).exists();
    assertThat(HubCache.at(folder.resolve("hub")).model("owner/name")).isEqualTo(snapshot);
  }

  @Test
  void what_is_there_is_not_fetched_again() {
    fetch.get().model("owner/name");
    int before = hub.hub.requests().size();
    fetch.get().model("owner/name");
    assertThat(hub.hub.requests()).hasSize(before + 1);
    assertThat(hub.content.requests()).hasSize(1);
  }

  @Test
  void progress_ends_with_all_bytes() {
    StringBuilder last = new StringBuilder();
    fetch
        .get()
        .onProgress(
            (file, done, total) -> {
              last.setLength(0);
              last.append(done + " of " + total);
            })
        .include(List.of("model.*"))
        .model("owner/name");
    assertThat(last).hasToString("50000 of 50000");
  }

  @Test
  void patterns_choose_other_files() throws IOException {
    Path snapshot =
        fetch
            .get()
            .include(List.of("*.md", "onnx/*"))
            .exclude(List.of("o?nx/*"))
            .model("owner/name");
    assertThat(files(snapshot)).containsExactly("README.md");
    assertThat(files(fetch.get().all().exclude(List.of("*.bin")).model("owner/name"))).hasSize(6);
    assertThatThrownBy(() -> fetch.get().include(List.of("*.txt")).model("owner/name"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("owner/name: has no file to fetch among its 7 files: config.json");
  }

  @Test
  void shards_are_fetched_unless_one_file_has_all() throws IOException {
    hub.with("model-00001-of-00001.safetensors", WEIGHTS)
        .with("consolidated-00001-of-00001.safetensors", WEIGHTS)
        .with("model.safetensors.index.json", "{}");
    assertThat(files(fetch.get().model("owner/name"))).hasSize(5);
    try (LoopbackHub other =
        new LoopbackHub("models/owner/name")
            .with("consolidated-00001-of-00001.safetensors", WEIGHTS)
            .with("model-00001-of-00001.safetensors", WEIGHTS)
            .with("model.safetensors.index.json", "{}")) {
      Path snapshot =
          new TestFetch(folder.resolve("2"), other.hub.address()).get().model("owner/name");
      assertThat(files(snapshot))
          .containsExactly("model-00001-of-00001.safetensors", "model.safetensors.index.json");
    }
  }

  @Test
  void a_folder_of_a_repository_is_a_model_too() throws IOException {
    hub.with("step/10/adapter_config.json", "{}")
        .with("step/10/adapter_model.safetensors", WEIGHTS);
    Path snapshot = fetch.get().model("owner/name:step/10");
    assertThat(files(snapshot))
        .containsExactly("step/10/adapter_config.json", "step/10/adapter_model.safetensors");
    assertThat(HubCache.at(folder.resolve("hub")).model("owner/name:step/10"))
        .isEqualTo(snapshot.resolve("step/10"));
  }

  @Test
  void a_revision_gets_a_name_of_its_own() {
    fetch.get().model("owner/name@refs/pr/1");
    assertThat(repo().resolve("refs/refs/pr/1")).hasContent(LoopbackHub.COMMIT);
    assertThat(hub.hub.requests().get(0).target()).contains("/revision/refs%2Fpr%2F1?");
    fetch.get().model("owner/name@" + LoopbackHub.COMMIT);
    assertThat(repo().resolve("refs/" + LoopbackHub.COMMIT)).doesNotExist();
    assertThatThrownBy(() -> fetch.get().model("owner/name@v9"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("owner/name: has no revision 'v9'");
  }

  @Test
  void only_the_hub_gets_the_token() {
    fetch.set("HF_TOKEN", "hf_secret").get().model("owner/name");
    assertThat(hub.hub.requests())
        .allSatisfy(it -> assertThat(it.header("authorization")).isEqualTo("Bearer hf_secret"));
    assertThat(hub.content.requests())
        .hasSize(1)
        .allSatisfy(it -> assertThat(it.headers()).doesNotContainKey("authorization"));
  }

  @Test
  void hashes_that_the_list_lacks_are_asked_for() {
    hub.withoutHashes();
    Path snapshot = fetch.get().model("owner/name");
    assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    assertThat(hub.hub.requests().stream().filter(it -> it.method().equals("HEAD"))).hasSize(5);
    assertThat(hub.content.requests()).noneMatch(it -> it.method().equals("HEAD"));
  }

  @Test
  void a_renamed_repository_is_followed() {
    hub.answer(
        request ->
            request.target().startsWith("/api/models/owner/old/")
                ? Optional.of(
                    Reply.of(307, "Location", request.target().replace("/old/", "/name/")))
                : request.target().startsWith("/owner/old/")
                    ? Optional.of(
                        Reply.of(307, "Location", request.target().replace("/old/", "/name/")))
                    : Optional.empty());
    assertThat(fetch.get().model("owner/old").resolve("config.json")).hasContent(CONFIG);
  }

  @Test
  void without_links_the_files_are_there_too() throws IOException {
    Path snapshot = fetch.set("HF_HUB_DISABLE_SYMLINKS", "1").get().model("owner/name");
    assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(WEIGHTS).isRegularFile();
    assertThat(Files.isSymbolicLink(snapshot.resolve("model.safetensors"))).isFalse();
    Files.delete(blob()); // as Python's library leaves it
    fetch.get().model("owner/name");
    assertThat(hub.content.requests()).hasSize(1);
  }

  @Test
  void a_data_set_has_an_address_of_its_own() throws IOException {
    try (LoopbackHub other =
        new LoopbackHub("datasets/owner/pairs")
            .with("README.md", "a card")
            .with("dataset_infos.json", "{}")
            .with("data/train.jsonl", new String(new char[2000]).replace('\0', '\n'))
            .with("data/test.jsonl", "{}")) {
      TestFetch fetch = new TestFetch(folder, other.hub.address());
      assertThat(files(fetch.get().data("owner/pairs:data/test.jsonl")))
          .containsExactly("data/test.jsonl");
      assertThat(files(fetch.get().data("owner/pairs")))
          .containsExactly("data/test.jsonl", "data/train.jsonl");
      assertThat(other.content.requests()).hasSize(1);
    }
  }

  @Test
  void a_proxy_is_asked_in_place_of_the_hub() {
    fetch
        .set("HF_ENDPOINT", "http://hub.invalid")
        .set("http_proxy", hub.hub.address())
        .set("no_proxy", "127.0.0.1");
    assertThat(fetch.get().model("owner/name").resolve("model.safetensors"))
        .hasBinaryContent(WEIGHTS);
    assertThat(hub.hub.requests().get(0).target()).startsWith("http://hub.invalid/api/models/");
    assertThat(hub.content.requests().get(0).target()).startsWith("/"); // directly
  }
}
