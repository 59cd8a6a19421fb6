package io.github.tralign.data.form;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.data.row.DropReason;
import org.junit.jupiter.api.Test;

/** Rows of messages. */
class MessageFormsTest extends OneLine {

  @Test
  void conversations_are_split_where_they_begin_to_differ() {
    assertShown(
        chats(USER + ", " + YES + ", " + USER, YES, USER + ", " + YES + ", " + USER, NO),
        "user: u | assistant: yes | user: u => assistant: yes / assistant: no");
  }

  @Test
  void equal_conversations_are_split_before_their_last_message() {
    assertShown(chats(USER, YES, USER, YES), "user: u => assistant: yes / assistant: yes");
  }

  @Test
  void conversations_that_differ_in_a_user_s_message_are_refused() {
    String other = "{\"role\": \"user\", \"content\": \"v\"}";
    assertRefused(
        chats(USER, YES, other, NO),
        DropReason.PROMPTS_DIFFER,
        "the prompts of 'chosen' and 'rejected' differ: both conversations must be the same up to a"
            + " message of the assistant, but message 1 is not");
  }

  @Test
  void a_completion_never_holds_what_a_user_said() {
    assertRefused(
        chats(USER, YES + ", " + USER, USER, NO),
        DropReason.FOREIGN_TURN,
        "field 'chosen' has a message of 'user' in the completion; a policy writes messages of the"
            + " assistant only");
  }

  @Test
  void a_prompt_told_twice_must_be_the_same() {
    String twice =
        chats(USER, YES, USER, NO).replace("{\"chosen\"", "{\"prompt\": \"%s\", \"chosen\"");
    assertShown(String.format(twice, "u"), "user: u => assistant: yes / assistant: no");
    assertThat(fault(String.format(twice, "x")).reason()).isEqualTo(DropReason.PROMPTS_DIFFER);
  }

  @Test
  void a_conversation_that_does_not_end_with_the_assistant_is_refused() {
    assertRefused(
        "{\"messages\": [" + USER + "]}",
        DropReason.NO_ASSISTANT_TURN,
        "field 'messages' does not end with a message of the assistant");
    assertRefused("{\"messages\": []}", DropReason.NO_ASSISTANT_TURN, "field 'messages' is empty");
  }

  @Test
  void a_field_of_a_message_is_named_by_its_place() {
    assertRefused(
        "{\"messages\": [" + USER + ", {\"role\": \"assistant\", \"content\": 3}]}",
        DropReason.FIELD,
        "field 'messages[1].content' is a number; expected a text");
    assertRefused(
        "{\"messages\": [{\"content\": \"x\"}]}",
        DropReason.FIELD,
        "field 'messages[0].role' is missing; it has 'content'");
    assertRefused(
        "{\"conversations\": [{\"from\": \"alien\", \"value\": \"x\"}]}",
        DropReason.FIELD,
        "field 'conversations[0].from' is 'alien'; known: system, human, user, prompter, gpt,"
            + " assistant, bot, model, chatgpt, function_call, observation, function_response,"
            + " tool; give its role with --roles alien=user");
  }

  @Test
  void nulls_inside_of_messages_are_as_if_they_were_not_there() {
    String nulls = "{\"role\": \"user\", \"content\": \"u\", \"tool_calls\": null, \"name\": null}";
    assertShown(chats(nulls, YES, USER, NO), "user: u => assistant: yes / assistant: no");
  }
}
