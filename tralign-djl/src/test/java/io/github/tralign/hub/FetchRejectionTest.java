package io.github.tralign.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import io.github.tralign.hub.LoopbackServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FetchRejectionTest extends FetchFixture {

  @Test
  void a_model_with_pickled_weights_only_is_rejected() {
    try (LoopbackHub other =
        new LoopbackHub("models/owner/name")
            .with("config.json", "{}")
            .with("pytorch_model.bin", WEIGHTS)) {
      assertThatThrownBy(() -> new TestFetch(folder, other.hub.address()).get().model("owner/name"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("other formats than safetensors");
    }
  }

  @Test
  void a_list_without_any_hash_is_rejected() {
    hub.withoutHashes();
    hub.answer(
        request ->
            request.method().equals("HEAD")
                ? Optional.of(Reply.of(200, "ETag", "W/\"5d-18\""))
                : Optional.empty());
    assertThatThrownBy(() -> fetch.get().model("owner/name"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("cannot be checked");
  }

  @Test
  void a_busy_server_is_asked_when_it_says() {
    hub.answer(
        request ->
            hub.hub.requests().size() == 1
                ? Optional.of(Reply.of(429, "Retry-After", "77"))
                : Optional.empty());
    fetch.get().model("owner/name");
    assertThat(fetch.slept()).containsExactly(Duration.ofSeconds(77));
    hub.answer(request -> Optional.of(Reply.of(429, "Retry-After", "7777")));
    assertThatThrownBy(() -> fetch.get().model("owner/name"))
        .isInstanceOf(HubException.class)
        .hasMessageEndingWith("status 429; try again in 7777 s");
  }

  @Test
  void a_missing_or_private_repository_is_explained() {
    assertThatThrownBy(() -> fetch.get().model("owner/other"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("owner/other: no such model at " + hub.hub.address())
        .hasMessageContaining("status 401: Repository not found")
        .hasMessageContaining("set HF_TOKEN");
    assertThatThrownBy(() -> fetch.set("HF_TOKEN", "hf_secret").get().model("owner/other"))
        .hasMessageContaining("the one that was sent may not")
        .hasMessageNotContaining("hf_secret");
    hub.answer(request -> Optional.of(Reply.of(403, "X-Error-Code", "GatedRepo")));
    assertThatThrownBy(() -> fetch.get().model("owner/name"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("agree to its conditions on " + hub.hub.address() + "/owner/name");
    hub.answer(
        request ->
            request.target().contains("/resolve/")
                ? Optional.of(Reply.of(404, "X-Error-Code", "EntryNotFound"))
                : Optional.empty());
    assertThatThrownBy(() -> fetch.get().model("owner/name"))
        .hasMessage("owner/name: has no file 'config.json'");
  }

  @Test
  void a_server_that_is_no_hub_is_explained() {
    for (String answer : List.of("<html>", "{}", "{\"sha\": \"../x\", \"siblings\": []}")) {
      hub.answer(request -> Optional.of(Reply.of(200, Map.of(), answer.getBytes(UTF_8))));
      assertThatThrownBy(() -> fetch.get().model("owner/name"))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("is this a hub?");
    }
  }

  @Test
  void file_names_that_leave_the_folder_are_rejected() throws IOException {
    for (String name :
        List.of(
            "../evil",
            "/evil",
            "a/../../evil",
            "a\\evil",
            "C:evil",
            "a//b",
            "./a",
            ".git/hooks",
            "nul",
            "a\u0000b",
            "x".repeat(300),
            "trailing.")) {
      hub.with(name, "{}");
      assertThatThrownBy(() -> fetch.get().all().model("owner/name"))
          .as(name)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("is not safe to write");
      hub.without(name);
    }
    assertThat(folder.resolve("hub")).doesNotExist();
  }

  @Test
  void a_redirect_leads_to_web_servers_only() {
    for (String place : List.of("file:///etc/passwd", "ftp://127.0.0.1/", "http://", ":")) {
      hub.answer(request -> Optional.of(Reply.of(302, "Location", place)));
      assertThatThrownBy(() -> fetch.get().model("owner/name"))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("redirects to a place that is not followed");
    }
    hub.answer(request -> Optional.of(Reply.of(307, "Location", request.target())));
    assertThatThrownBy(() -> fetch.get().model("owner/name"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("redirected more than 10 times");
  }

  @Test
  void what_does_not_fit_on_the_disk_is_not_begun() {
    String huge =
        "{\"sha\": \""
            + LoopbackHub.COMMIT
            + "\", \"siblings\": [{\"rfilename\":"
            + " \"model.safetensors\", \"size\": 1, \"lfs\": {\"size\": 1125899906842624,"
            + " \"sha256\": \""
            + WEIGHTS_HASH
            + "\"}}]}";
    hub.answer(request -> Optional.of(Reply.of(200, Map.of(), huge.getBytes(UTF_8))));
    assertThatThrownBy(() -> fetch.get().model("owner/name"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("the disk is too full: 1125899907 MB");
    assertThat(unfinished()).doesNotExist();
  }

  @Test
  void a_link_out_of_the_cache_is_not_followed() throws IOException {
    Path snapshot = repo().resolve("snapshots/" + LoopbackHub.COMMIT);
    Files.createDirectories(snapshot);
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.createSymbolicLink(snapshot.resolve("additional_chat_templates"), outside);
    assertThatThrownBy(() -> fetch.get().model("owner/name"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("leads out of the cache");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void without_a_network_there_is_one_message() {
    String address = hub.hub.address();
    hub.close();
    assertThatThrownBy(() -> fetch.get().model("owner/name"))
        .isInstanceOf(HubException.class)
        .hasMessageStartingWith(address + ": cannot be reached (")
        .hasMessageEndingWith("; fetch needs a network connection; behind a proxy set https_proxy");
    assertThat(fetch.slept()).isEmpty();
    assertThatThrownBy(() -> fetch.set("HF_HUB_OFFLINE", "1").get().model("owner/name"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("HF_HUB_OFFLINE");
  }
}
