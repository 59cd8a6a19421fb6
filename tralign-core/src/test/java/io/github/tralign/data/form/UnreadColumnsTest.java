package io.github.tralign.data.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.ChatRow;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.Row;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Optional columns: read where their meaning is clear, else refused or reported. */
class UnreadColumnsTest extends OneLine {

  private static final String TEXTS = "\"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": \"r\"";
  private static final String CHATS =
      "\"prompt\": [" + USER + "], \"chosen\": [" + YES + "], \"rejected\": [" + NO + "]";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"system\": \"s\"",
        "\"system_prompt\": \"s\"",
        "\"system_message\": \"s\"",
        "\"input\": \"s\"",
        "\"history\": [[\"a\", \"b\"]]",
        "\"kto_tag\": false",
        "\"images\": [\"a.png\"]",
        "\"videos\": [\"a.mp4\"]",
        "\"tools\": [{}]",
        "\"tools\": \"[{}]\"",
        "\"chat_template_kwargs\": {\"a\": 1}"
      })
  void a_column_that_says_more_is_refused_where_it_is_not_read(String column) {
    String name = column.substring(1, column.indexOf('"', 1));
    assertRefused(
        "{" + TEXTS + ", " + column + "}",
        DropReason.FORM,
        String.format(
            "the column '%s' changes the meaning of the row, but the form pairs does not read it;"
                + " move it into the columns of the form, or ignore it with --ignore %s",
            name, name));
    assertThat(
            Read.shown(
                read(
                    "{" + TEXTS + ", " + column + "}",
                    FormSettings.DEFAULT.ignored(List.of(name)))))
        .containsExactly("p => c / r");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"system\": \"\"",
        "\"input\": null",
        "\"history\": []",
        "\"images\": []",
        "\"tools\": []",
        "\"tools\": \"\"",
        "\"tools\": \"[ ]\"",
        "\"tools\": \"null\"",
        "\"tools\": \" \"",
        "\"chat_template_kwargs\": \"{}\"",
        "\"chat_template_kwargs\": {}",
        "\"x\": NaN",
        "\"x\": [1e999, -Infinity, \"\\ud800\"]",
        "\"x\": 123456789012345678901234567890"
      })
  void a_column_that_says_nothing_or_that_nobody_reads_is_of_no_matter(String column) {
    assertShown("{" + TEXTS + ", " + column + "}", "p => c / r");
    assertShown("{" + CHATS + ", " + column + "}", "user: u => assistant: yes / assistant: no");
  }

  @Test
  void a_system_message_stands_before_every_conversation() {
    for (String form :
        List.of("chat-pairs", "context", "shp", "nemo", "ultrafeedback", "sharegpt", "alpaca")) {
      for (Row row : systemAdded(form)) {
        ChatRow chat = (ChatRow) row;
        assertThat(chat.prompt().get(0).role()).isEqualTo("system");
        assertThat(chat.prompt().stream().filter(it -> it.role().equals("system"))).hasSize(1);
      }
    }
    assertRefused(
        "{\"system\": \"a\", \"messages\": [{\"role\": \"system\", \"content\": \"b\"}, "
            + YES
            + "]}",
        DropReason.FIELD,
        "field 'system' differs from the first message, which has the role 'system'");
    assertRefused(
        "{" + CHATS + ", \"system\": \"a\", \"system_prompt\": \"b\"}",
        DropReason.FORM,
        "the column 'system_prompt' changes the meaning of the row, but the form chat-pairs does not"
            + " read it; move it into the columns of the form, or ignore it with --ignore"
            + " system_prompt");
  }

  private List<Row> systemAdded(String form) {
    try {
      String line = Files.readAllLines(Read.path(form)).get(0);
      String said = form.matches("chat-pairs|sharegpt") ? first(line) : "s";
      return read(
          "{\"system\": \"" + said + "\", " + line.strip().substring(1), FormSettings.DEFAULT);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What the examples say in a system message of their own. */
  private static String first(String line) {
    return line.contains("Answer briefly.") ? "Answer briefly." : "System";
  }

  @Test
  void tools_that_are_none_are_not_there() {
    for (String none : List.of("[]", "\"\"", "\"[]\"", "\"null\"", "\" \"", "null")) {
      ChatRow row =
          (ChatRow)
              one(
                  "{"
                      + CHATS
                      + ", \"tools\": "
                      + none
                      + ", \"chat_template_kwargs\": {\"tools\": [], \"a\": 1}}");
      assertThat(row.settings()).isEqualTo(ImmutableMap.of("a", 1));
    }
    assertThat(
            ((ChatRow) one("{" + CHATS + ", \"chat_template_kwargs\": \"{\\\"a\\\": true}\"}"))
                .settings())
        .isEqualTo(ImmutableMap.of("a", true));
  }

  @Test
  void a_message_that_has_no_tool_call_must_say_something() {
    assertThat(
            fault(
                    "{\"messages\": ["
                        + USER
                        + ", {\"role\": \"assistant\", \"content\": null, \"tool_calls\": []}]}")
                .detail())
        .isEqualTo("field 'messages[1].content' is null; expected a text");
  }

  @Test
  void numbers_of_messages_are_kept_exactly_or_refused() {
    ChatRow row =
        (ChatRow)
            one(
                "{\"messages\": [{\"role\": \"user\", \"content\": \"u\", \"n\": [12345678901234567890]}, "
                    + YES
                    + "]}");
    assertThat(row.prompt().get(0).fields())
        .isEqualTo(Map.of("n", List.of(new BigInteger("12345678901234567890"))));
    for (String number : List.of("NaN", "1e999", "-Infinity")) {
      assertRefused(
          "{\"messages\": [{\"role\": \"user\", \"content\": \"u\", \"n\": ["
              + number
              + "]}, "
              + YES
              + "]}",
          DropReason.FIELD,
          "field 'messages[0].n[0]' is not a finite number");
    }
  }

  @Test
  void parts_of_a_message_are_texts_or_refused_by_name() {
    String image = "{\"type\": \"image_url\", \"image_url\": {\"url\": \"a\"}}";
    assertRefused(
        "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"u\"}, "
            + image
            + "]}, "
            + YES
            + "]}",
        DropReason.FIELD,
        "field 'messages[0].content[1].type' is 'image_url'; only parts of type 'text' are read");
  }

  @Test
  void names_of_who_speaks_are_roles() {
    FormSettings roles =
        FormSettings.DEFAULT.roles(Map.of("customer", "user", "agent", "assistant"));
    assertThat(
            Read.shown(
                read(
                    "{\"conversations\": [{\"from\": \"customer\", \"value\": \"a\"},"
                        + " {\"from\": \"agent\", \"value\": \"b\"}]}",
                    roles)))
        .containsExactly("user: a => assistant: b");
    assertShown(
        "{\"messages\": [{\"role\": \"Human\", \"content\": \"a\"},"
            + " {\"role\": \"ipython\", \"content\": \"b\"}, {\"role\": \"model\", \"content\": \"c\"}]}",
        "user: a | ipython: b => assistant: c");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> FormSettings.DEFAULT.roles(Map.of("a", "")))
        .withMessageContaining("a role needs a name");
  }

  @Test
  void columns_that_nobody_read_are_reported() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("more.jsonl"),
            "{"
                + TEXTS
                + ", \"source\": \"a\", \"empty\": \"\"}\n"
                + "{"
                + TEXTS
                + ", \"model\": 1, \"system\": \"s\", \"margin\": 1}\n");
    try (RowReader reader =
        DataFiles.of(List.of(file))
            .with(FormSettings.DEFAULT.ignored(List.of("system")))
            .open(fault -> {})) {
      reader.forEachRemaining(row -> {});
      assertThat(reader.sources())
          .flatExtracting(SourceReport::unreadColumns)
          .containsExactly("source", "system", "model");
    }
  }
}
