package io.github.tralign.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubEnvironmentTest {

  @TempDir Path home;

  private HubEnvironment of(Map<String, String> variables) {
    return new HubEnvironment(variables::get, home.toString());
  }

  @Test
  void the_cache_is_where_python_has_it() {
    assertThat(of(Map.of()).cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(of(Map.of("XDG_CACHE_HOME", "/x")).cache()).isEqualTo(Path.of("/x/huggingface/hub"));
    assertThat(of(Map.of("HF_HOME", "~/hf", "XDG_CACHE_HOME", "/x")).cache())
        .isEqualTo(home.resolve("hf/hub"));
    assertThat(of(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "/c")).cache()).isEqualTo(Path.of("/c"));
    assertThat(of(Map.of("HUGGINGFACE_HUB_CACHE", "/old", "HF_HUB_CACHE", " ")).cache())
        .isEqualTo(Path.of("/old"));
  }

  @Test
  void the_token_is_a_variable_or_in_a_file() throws IOException {
    assertThat(of(Map.of()).token()).isEmpty();
    Files.createDirectories(home.resolve(".cache/huggingface"));
    Files.writeString(home.resolve(".cache/huggingface/token"), "hf_file\n");
    assertThat(of(Map.of()).token()).contains("hf_file");
    assertThat(of(Map.of("HF_TOKEN", "hf_variable")).token()).contains("hf_variable");
    Path other = Files.writeString(home.resolve("other"), "hf_other");
    assertThat(of(Map.of("HF_TOKEN_PATH", other.toString())).token()).contains("hf_other");
  }

  @Test
  void what_is_no_token_is_rejected_and_not_shown() {
    assertThatThrownBy(() -> of(Map.of("HF_TOKEN", "a b")).token())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no access token")
        .hasMessageNotContaining("a b");
  }

  @Test
  void the_endpoint_is_a_web_address() {
    assertThat(of(Map.of()).endpoint()).isEqualTo(URI.create("https://huggingface.co"));
    assertThat(of(Map.of("HF_ENDPOINT", "http://mirror:80/hf/")).endpoint())
        .isEqualTo(URI.create("http://mirror:80/hf"));
    for (String wrong :
        new String[] {"mirror", "ftp://mirror", "http://", "http://a b", "http://u:p@m"}) {
      assertThatThrownBy(() -> of(Map.of("HF_ENDPOINT", wrong)).endpoint())
          .as(wrong)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("HF_ENDPOINT: ");
    }
  }

  @Test
  void switches_are_read_as_python_reads_them() {
    assertThat(of(Map.of("HF_HUB_OFFLINE", "True")).isOffline()).isTrue();
    assertThat(of(Map.of("TRANSFORMERS_OFFLINE", "1")).isOffline()).isTrue();
    assertThat(of(Map.of("HF_HUB_OFFLINE", "0")).isOffline()).isFalse();
    assertThat(of(Map.of("HF_HUB_DISABLE_SYMLINKS", "YES")).hasLinks()).isFalse();
    assertThat(of(Map.of()).hasLinks()).isTrue();
  }

  @Test
  void proxies_are_chosen_by_scheme_and_host() {
    EnvironmentProxies proxies =
        of(Map.of(
                "https_proxy", "http://secure:3128/",
                "http_proxy", "plain",
                "no_proxy", "localhost, .corp.example,*.internal,other:8080"))
            .proxies()
            .orElseThrow();
    assertThat(host(proxies, "https://huggingface.co/x")).isEqualTo("secure:3128");
    assertThat(host(proxies, "http://huggingface.co/x")).isEqualTo("plain:80");
    for (String direct :
        new String[] {"localhost", "corp.example", "a.corp.example", "a.internal", "other:8080"}) {
      assertThat(host(proxies, "https://" + direct + "/")).as(direct).isEmpty();
    }
    assertThat(host(proxies, "https://notcorp.example/")).isEqualTo("secure:3128");
    assertThat(of(Map.of()).proxies()).isEmpty();
    assertThat(
            host(
                of(Map.of("ALL_PROXY", "p:1", "no_proxy", "*")).proxies().orElseThrow(),
                "https://h/"))
        .isEmpty();
  }

  @Test
  void a_proxy_with_a_password_is_rejected_and_not_shown() {
    for (String wrong :
        new String[] {"http://user:secret@proxy:1", "socks5://secret:1", "http://"}) {
      assertThatThrownBy(() -> of(Map.of("https_proxy", wrong)).proxies())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("https_proxy: is no address")
          .hasMessageNotContaining("secret");
    }
  }

  private static String host(EnvironmentProxies proxies, String place) {
    Proxy proxy = proxies.select(URI.create(place)).get(0);
    return proxy.address() instanceof InetSocketAddress it
        ? it.getHostString() + ":" + it.getPort()
        : "";
  }
}
