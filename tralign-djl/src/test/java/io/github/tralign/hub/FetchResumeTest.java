package io.github.tralign.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.hub.LoopbackServer.Reply;
import io.github.tralign.hub.LoopbackServer.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FetchResumeTest extends FetchFixture {

  @Test
  void a_fetch_that_is_cut_thirty_times_has_the_same_bytes() {
    hub.change(reply -> reply.cutAfter(1600));
    assertThat(fetch.get().model("owner/name").resolve("model.safetensors"))
        .hasBinaryContent(WEIGHTS);
    List<Request> requests = hub.content.requests();
    assertThat(requests.size()).isGreaterThan(30);
    assertThat(requests.get(30).header("range")).isEqualTo("bytes=48000-");
    assertThat(requests.get(30).header("if-range")).isNotEmpty();
  }

  @Test
  void a_fetch_that_failed_is_resumed_by_the_next() throws IOException {
    hub.change(reply -> reply.status() == 200 ? reply.cutAfter(20_000) : Reply.of(503));
    assertThatThrownBy(() -> fetch.get().model("owner/name"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("owner/name@" + LoopbackHub.COMMIT + ":model.safetensors: ")
        .hasMessageContaining("status 503, in each of 6 attempts");
    assertNothingIsShown();
    assertThat(Files.size(unfinished())).isEqualTo(20_000);
    assertThatThrownBy(() -> HubCache.at(folder.resolve("hub")).model("owner/name"))
        .hasMessageContaining("fetch owner/name");
    hub.change(reply -> reply);
    int before = hub.content.requests().size();
    assertThat(fetch.get().model("owner/name").resolve("model.safetensors"))
        .hasBinaryContent(WEIGHTS);
    assertThat(hub.content.requests().get(before).header("range")).isEqualTo("bytes=20000-");
    assertThat(unfinished()).doesNotExist();
  }

  @Test
  void the_rest_of_another_content_is_fetched_again() throws IOException {
    Files.createDirectories(repo().resolve("blobs"));
    Files.write(unfinished(), new byte[30_000]);
    assertThat(fetch.get().model("owner/name").resolve("model.safetensors"))
        .hasBinaryContent(WEIGHTS);
    assertThat(hub.content.requests().get(1).headers()).doesNotContainKey("range");
  }

  @Test
  void a_file_that_changed_between_two_tries_is_fetched_whole() {
    byte[] wrong = random(50_001);
    hub.change(
        reply ->
            hub.content.requests().size() == 1
                ? LoopbackHub.range(hub.content.requests().get(0), wrong).cutAfter(9000)
                : reply);
    assertThat(fetch.get().model("owner/name").resolve("model.safetensors"))
        .hasBinaryContent(WEIGHTS);
    assertThat(hub.content.requests()).hasSize(2); // If-Range had the whole sent at once
  }

  @Test
  void a_content_with_another_hash_is_rejected() throws IOException {
    hub.change(reply -> Reply.of(200, reply.headers(), new byte[WEIGHTS.length]));
    assertThatThrownBy(() -> fetch.get().model("owner/name"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("its hash is not " + WEIGHTS_HASH);
    assertNothingIsShown();
    assertThat(unfinished()).doesNotExist();
  }

  @Test
  void more_or_fewer_bytes_than_the_hub_says_are_rejected() throws IOException {
    for (int length : new int[] {WEIGHTS.length - 1, WEIGHTS.length + 1}) {
      hub.change(reply -> Reply.of(200, reply.headers(), new byte[length]));
      assertThatThrownBy(() -> fetch.get().model("owner/name"))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("bytes arrived");
      assertNothingIsShown();
      assertThat(Files.size(unfinished())).isLessThanOrEqualTo(WEIGHTS.length);
    }
  }

  @Test
  void a_server_without_ranges_sends_the_whole_again() {
    hub.change(
        reply ->
            hub.content.requests().size() < 3
                ? reply.cutAfter(5000)
                : Reply.of(200, reply.headers(), WEIGHTS));
    assertThat(fetch.get().model("owner/name").resolve("model.safetensors"))
        .hasBinaryContent(WEIGHTS);
  }

  @Test
  void another_part_than_was_asked_for_is_dropped() {
    hub.change(
        reply ->
            hub.content.requests().size() == 1
                ? reply.cutAfter(5000)
                : hub.content.requests().size() == 2
                    ? Reply.of(206, Map.of("Content-Range", "bytes 0-9/50000"), new byte[10])
                    : reply);
    assertThat(fetch.get().model("owner/name").resolve("model.safetensors"))
        .hasBinaryContent(WEIGHTS);
  }

  @Test
  void a_server_that_says_nothing_is_asked_again() {
    hub.change(reply -> hub.content.requests().size() == 1 ? Reply.NEVER : reply);
    assertThat(fetch.patience(300).get().model("owner/name").resolve("model.safetensors"))
        .hasBinaryContent(WEIGHTS);
    hub.answer(request -> Optional.of(Reply.NEVER));
    assertThatThrownBy(() -> fetch.patience(20).get().model("owner/name"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("nothing arrived for 0 s, in each of 6 attempts");
  }

  @Test
  void a_damaged_blob_and_a_damaged_link_are_replaced() throws IOException {
    Path snapshot = fetch.get().model("owner/name");
    Files.write(blob(), new byte[10]);
    Files.delete(snapshot.resolve("config.json"));
    Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("nowhere"));
    fetch.get().model("owner/name");
    assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    assertThat(snapshot.resolve("config.json")).hasContent(CONFIG);
  }

  @Test
  void a_new_commit_is_shown_when_it_is_whole() {
    Path old = fetch.get().model("owner/name");
    hub.at("f".repeat(40)).with("model.safetensors", random(60_000));
    hub.change(reply -> Reply.of(503));
    assertThatThrownBy(() -> fetch.get().model("owner/name")).isInstanceOf(HubException.class);
    assertThat(HubCache.at(folder.resolve("hub")).model("owner/name")).isEqualTo(old);
    hub.change(reply -> reply);
    Path now = fetch.get().model("owner/name");
    assertThat(now).endsWith(Path.of("f".repeat(40)));
    assertThat(HubCache.at(folder.resolve("hub")).model("owner/name")).isEqualTo(now);
    assertThat(old.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
  }

  @Test
  void two_fetches_at_once_fetch_a_file_once() throws Exception {
    hub.change(reply -> reply.cutAfter(10_000));
    Thread other = new Thread(() -> fetch.get().model("owner/name"));
    other.start();
    Path snapshot = fetch.get().model("owner/name");
    other.join();
    assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    assertThat(hub.content.requests()).hasSize(5);
  }
}
