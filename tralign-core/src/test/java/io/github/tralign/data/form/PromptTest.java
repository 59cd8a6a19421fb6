package io.github.tralign.data.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.Message;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.data.source.InvalidRecordException;
import io.github.tralign.data.source.RecordFiles;
import io.github.tralign.data.source.RecordReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptTest {

  @TempDir private Path folder;

  @Test
  void a_prompt_is_a_text_or_messages() throws IOException {
    assertThat(prompt("{'prompt': 'Hi', 'chosen': 'x'}")).isEqualTo(Prompt.text("Hi", "row"));
    Prompt chat = Prompt.chat(List.of(Message.of("user", "Hi")), Map.of(), "row");
    assertThat(prompt("{'prompt': [{'role': 'user', 'content': 'Hi'}]}")).isEqualTo(chat);
    assertThat(prompt("{'messages': [{'role': 'user', 'content': 'Hi'}]}")).isEqualTo(chat);
    assertThat(prompt("{'conversations': [{'from': 'human', 'value': 'Hi'}]}")).isEqualTo(chat);
    assertThat(chat.isChat()).isTrue();
  }

  @Test
  void an_instruction_is_a_message_of_the_user() throws IOException {
    assertThat(
            prompt("{'instruction': 'Add.', 'input': '1, 2', 'chosen': '3', 'system': 'Be kind.'}"))
        .isEqualTo(
            Prompt.chat(
                List.of(Message.of("system", "Be kind."), Message.of("user", "Add.\n1, 2")),
                Map.of(),
                "row"));
    assertThat(prompt("{'instruction': 'Add.', 'prompt': 'Hi'}"))
        .isEqualTo(Prompt.text("Hi", "row"));
  }

  @Test
  void a_system_message_and_variables_of_the_template_are_read() throws IOException {
    Prompt prompt =
        prompt(
            "{'system': 'Be kind.', 'messages': [{'role': 'user', 'content': 'Hi'}],"
                + " 'chat_template_kwargs': {'enable_thinking': false}}");
    assertThat(prompt.messages())
        .containsExactly(Message.of("system", "Be kind."), Message.of("user", "Hi"));
    assertThat(prompt.settings()).containsExactly(Map.entry("enable_thinking", false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'question': 'Hi'}|expected 'prompt' (a text or a list of messages), 'messages' or"
            + " 'instruction', found 'question' (a text)",
        "{'prompt': 'a', 'messages': []}|field 'messages' is there beside 'prompt'",
        "{'prompt': 7}|field 'prompt' is a number; expected a text or a list of messages",
        "{'messages': []}|field 'messages' is an empty list",
        "{'messages': [{'role': 'user'}]}|field 'messages[0].content' is missing"
      })
  void an_invalid_row_is_an_error_that_names_it(String json, String what) {
    assertThatThrownBy(() -> prompt(json))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("row: ")
        .hasMessageContaining(what);
  }

  @Test
  void each_line_of_a_text_file_is_a_prompt() throws Exception {
    Path file = folder.resolve("prompts.txt");
    Files.writeString(file, "one \r\n\n{two}\n");
    try (RecordReader reader = RecordFiles.openText(file, "prompt")) {
      assertThat(prompts(reader))
          .containsExactly(Prompt.text("one ", file + ":1"), Prompt.text("{two}", file + ":3"));
    }
  }

  @Test
  void a_stream_is_text_or_json_lines() throws Exception {
    assertThat(prompts(stream("one\ntwo")))
        .containsExactly(Prompt.text("one", "in:1"), Prompt.text("two", "in:2"));
    assertThat(prompts(stream("\n {\"prompt\": \"one\"}\n")))
        .containsExactly(Prompt.text("one", "in:2"));
    assertThat(prompts(stream(""))).isEmpty();
    assertThatThrownBy(() -> prompts(stream("{\"prompt\": \"one\"}\n{\"prompt\"")))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageStartingWith("in:2: not valid JSON");
  }

  private static RecordReader stream(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return RecordFiles.openStream(new ByteArrayInputStream(bytes), "in", "prompt");
  }

  private static List<Prompt> prompts(RecordReader reader) throws InvalidRecordException {
    List<Prompt> prompts = new ArrayList<>();
    for (DataRecord row = reader.next(); row != null; row = reader.next()) {
      prompts.add(Prompt.of(row));
    }
    return prompts;
  }

  private static Prompt prompt(String json) throws IOException {
    ObjectNode fields = (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"'));
    return Prompt.of(new DataRecord(fields, "row"));
  }
}
