package io.github.tralign.djl.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Compares with what transformers writes, byte for byte; see {@code make_template_goldens.py}. */
class RenderingGoldenTest {

  private static final JsonNode GOLDEN = golden();

  @TestFactory
  Stream<DynamicTest> writes_and_refuses_what_transformers_does() {
    return GOLDEN.path("renderings").properties().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> compare(entry.getKey())));
  }

  private static void compare(String name) {
    JinjaTemplate template = JinjaTemplate.of(resource("templates/" + name + ".jinja"));
    JsonNode renderings = GOLDEN.path("renderings").path(name);
    assertThat(renderings.properties()).hasSameSizeAs(GOLDEN.path("conversations").properties());
    for (Map.Entry<String, JsonNode> conversation : renderings.properties()) {
      for (int generation = 0; generation < 2; generation++) {
        Map<String, Object> variables = variables(conversation.getKey(), generation == 1);
        JsonNode expected = conversation.getValue().path(generation);
        if (expected.has("error")) {
          assertThatThrownBy(() -> render(template, variables))
              .as("%s, where jinja2 says: %s", conversation.getKey(), expected.path("error"))
              .isInstanceOf(JinjaException.class);
        } else {
          assertThat(render(template, variables))
              .as(conversation.getKey())
              .isEqualTo(expected.path("text").textValue());
        }
      }
    }
  }

  private static String render(JinjaTemplate template, Map<String, Object> variables) {
    return template.render(
        variables,
        Map.of("strftime_now", format -> format.equals("%d %b %Y") ? "03 Feb 2026" : "2026-02-03"));
  }

  private static Map<String, Object> variables(String conversation, boolean generation) {
    Map<String, Object> variables = new HashMap<>(map(GOLDEN.path("special")));
    variables.put("tools", null);
    variables.put("documents", null);
    JsonNode given = GOLDEN.path("conversations").path(conversation);
    variables.putAll(map(given.path("settings")));
    variables.put(
        "messages",
        IntStream.range(0, given.path("messages").size())
            .mapToObj(i -> message(given.path("messages").path(i)))
            .toList());
    variables.put("add_generation_prompt", generation);
    return variables;
  }

  /** transformers shows what was thought under two names. */
  private static Map<String, Object> message(JsonNode json) {
    Map<String, Object> message = map(json);
    if (message.containsKey("reasoning_content")) {
      message.put("thinking", message.get("reasoning_content"));
    }
    return message;
  }

  private static Map<String, Object> map(JsonNode json) {
    return json.isMissingNode()
        ? Map.of()
        : new ObjectMapper().convertValue(json, new TypeReference<Map<String, Object>>() {});
  }

  private static JsonNode golden() {
    try {
      return new ObjectMapper().readTree(resource("renderings.json"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = RenderingGoldenTest.class.getResourceAsStream(name)) {
      return new String(List.of(in).get(0).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
