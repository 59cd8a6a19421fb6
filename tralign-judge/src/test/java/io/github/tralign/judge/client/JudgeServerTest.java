package io.github.tralign.judge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidSettingException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeServerTest {

  @ParameterizedTest
  @CsvSource({
    "http://user:secret@host/v1, http://…@host/v1",
    "http://user:sec ret@host/v1, http://…@host/v1",
    "http://user:sec?ret@host/v1, http://…@host/v1",
    "http://user:secret@host_name/v1, http://…@host_name/v1",
    "user:secret@host, …@host",
    "http://host/v1?key=secret, http://host/v1?…",
    "http://host/v1#secret, http://host/v1#…",
    "http://host/v1?key=sec ret, http://host/v1?…",
    "ftp://host, ftp://host"
  })
  void an_invalid_address_is_shown_without_its_secrets(String url, String shown) {
    assertThatThrownBy(() -> JudgeServer.of(JudgeServer.address(url), Optional.empty()))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageEndingWith(", not " + shown)
        .hasNoCause(); // it would be in a stack trace
  }

  @Test
  void requests_go_below_the_address() {
    for (String url : new String[] {"https://host:8/v1", "https://host:8/v1/"}) {
      assertThat(JudgeServer.of(URI.create(url), Optional.empty()).chatCompletions())
          .hasToString("https://host:8/v1/chat/completions");
    }
  }
}
