package io.github.tralign.djl.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.InvalidTemplateException;
import io.github.tralign.data.row.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTemplateTest {

  private static final List<Message> HELLO = List.of(Message.of("user", "Hello"));

  @TempDir private Path folder;

  @BeforeEach
  void make_a_folder() throws IOException {
    write("tokenizer_config.json", "{\"bos_token\": {\"content\": \"<s>\"}, \"pad_token\": null}");
  }

  @Test
  void a_folder_without_a_template_has_none() {
    assertThat(CheckpointTemplate.load(folder)).isEmpty();
  }

  @Test
  void a_template_reads_messages_settings_and_special_tokens() throws IOException {
    write(
        "chat_template.jinja",
        "{{ bos_token }}{{ messages[0].content }}{{ kind }}{{ pad_token is defined }}");

    assertThat(load().render(HELLO, false, Map.of("kind", "!"))).isEqualTo("<s>Hello!False");
  }

  @Test
  void the_file_wins_over_the_configuration() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": \"config\"}");
    assertThat(load().render(HELLO, false, Map.of())).isEqualTo("config");

    write("chat_template.jinja", "file");
    assertThat(load().render(HELLO, false, Map.of())).isEqualTo("file");
  }

  @Test
  void of_named_templates_that_for_tools_is_taken_with_tools() throws IOException {
    write(
        "tokenizer_config.json",
        "{\"chat_template\": [{\"name\": \"default\", \"template\": \"plain\"},"
            + " {\"name\": \"tool_use\", \"template\": \"{{ tools | length }} tool\"}]}");

    assertThat(load().render(HELLO, false, Map.of())).isEqualTo("plain");
    assertThat(load().render(HELLO, false, Map.of("tools", List.of(Map.of())))).isEqualTo("1 tool");
  }

  @Test
  void thoughts_are_known_by_the_names_that_transformers_gives_them() throws IOException {
    write("chat_template.jinja", "{{ messages[0].reasoning_content }}{{ messages[0].thinking }}");
    Message thoughtful = new Message("assistant", "2", ImmutableMap.of("reasoning", "hm"));

    assertThat(load().render(List.of(thoughtful), false, Map.of())).isEqualTo("hmhm");
  }

  @Test
  void the_day_is_known_only_if_it_is_given() throws IOException {
    write(
        "chat_template.jinja",
        "{{ strftime_now('%d %b %Y, %A') if strftime_now is defined else 'then' }}");

    assertThat(load().render(HELLO, false, Map.of())).isEqualTo("then");
    assertThat(load().on(LocalDate.of(2026, 2, 3)).render(HELLO, false, Map.of()))
        .isEqualTo("03 Feb 2026, Tuesday");
  }

  @Test
  void a_refused_conversation_is_reported_in_the_templates_words() throws IOException {
    write("chat_template.jinja", "{{ raise_exception('roles must alternate') }}");

    assertThatThrownBy(() -> load().render(HELLO, false, Map.of()))
        .isInstanceOf(InvalidTemplateException.class)
        .hasMessage("the chat template rejects the conversation: roles must alternate");
  }

  @Test
  void a_fault_names_file_and_line() throws IOException {
    write("chat_template.jinja", "\n{{ messages[0].content + 1 }}");

    assertThatThrownBy(() -> load().render(HELLO, false, Map.of()))
        .isInstanceOf(InvalidTemplateException.class)
        .hasMessageContaining("chat_template.jinja: line 2 of the chat template: '+'");
  }

  @Test
  void too_much_work_names_file_line_and_limit() throws IOException {
    write("chat_template.jinja", "\n{% for i in range(99999) %}{{ 'x' * 9999 }}{% endfor %}");

    assertThatThrownBy(() -> load().render(HELLO, false, Map.of()))
        .isInstanceOf(InvalidTemplateException.class)
        .hasMessageMatching(
            ".*chat_template.jinja: line 2 of the chat template: it takes more than 100\\d{5}"
                + " units of work, .*");
  }

  @Test
  void a_file_that_is_too_large_is_refused_unread() throws IOException {
    write("chat_template.jinja", " ".repeat(2_000_001));

    assertThatThrownBy(this::load)
        .isInstanceOf(InvalidTemplateException.class)
        .hasMessageContaining(
            "chat_template.jinja: a chat template must have at most 2000000 bytes");
  }

  @Test
  void what_is_no_template_is_refused_when_it_is_loaded() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": {\"a\": 1}}");
    assertThatThrownBy(this::load)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(
            "tokenizer_config.json: key 'chat_template' must be a string or a list");

    write("chat_template.jinja", "{% include 'secrets' %}");
    assertThatThrownBy(this::load)
        .isInstanceOf(InvalidTemplateException.class)
        .hasMessageContaining("line 1 of the chat template: the tag 'include' is not supported");
  }

  @Test
  void the_fingerprint_tells_templates_tokens_and_days_apart() throws IOException {
    write("chat_template.jinja", "a");
    CheckpointTemplate first = load();
    write("chat_template.jinja", "b");
    CheckpointTemplate other = load();
    write("chat_template.jinja", "a");
    write("tokenizer_config.json", "{\"bos_token\": \"<b>\"}");

    assertThat(List.of(other, load(), first.on(LocalDate.EPOCH)))
        .allSatisfy(
            it -> assertThat(it.fingerprint()).isPresent().isNotEqualTo(first.fingerprint()));
    write("tokenizer_config.json", "{\"bos_token\": \"<s>\"}");
    assertThat(load().fingerprint()).isEqualTo(first.fingerprint());
  }

  private CheckpointTemplate load() {
    return CheckpointTemplate.load(folder).orElseThrow();
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }
}
