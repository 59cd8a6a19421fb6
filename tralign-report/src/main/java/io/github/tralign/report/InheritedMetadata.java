package io.github.tralign.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import java.util.regex.Pattern;

/**
 * What a model's card has from that of its base. Anybody may have written that one: what is not of
 * the form that the Hugging Face Hub knows is left out.
 */
final class InheritedMetadata {

  private static final int MOST = 200; // languages

  /** The kinds of tasks, as the hub calls them, of models that are made of text. */
  private static final Pattern TASK =
      Pattern.compile(
          "text-generation|text2text-generation|text-classification|token-classification"
              + "|zero-shot-classification|text-ranking|sentence-similarity|feature-extraction"
              + "|fill-mask|question-answering|table-question-answering|summarization|translation"
              + "|image-text-to-text|any-to-any");

  private static final Pattern LICENSE = Pattern.compile("[a-z0-9][a-z0-9.+-]{0,59}");

  /** The form of a text, or of the texts of a list, by key. */
  private static final ImmutableMap<String, Pattern> FORMS =
      ImmutableMap.of(
          "license", LICENSE,
          "license_name", Pattern.compile("[\\w][\\w .+-]{0,99}"),
          "license_link", Pattern.compile("(https?://)?[\\w./~%?=#&+-]{1,300}"),
          "language", Pattern.compile("[A-Za-z]{2,20}([-_][A-Za-z0-9]{1,20}){0,3}"),
          "pipeline_tag", TASK);

  private InheritedMetadata() {}

  static ObjectNode of(ObjectNode base) {
    ObjectNode inherited = JsonNodeFactory.instance.objectNode();
    FORMS.forEach(
        (key, form) -> {
          JsonNode value = base.path(key);
          if (isText(value, form)) {
            inherited.set(key, value);
          } else if (value.isArray() && value.size() <= MOST) {
            putTexts(inherited, key, value, form);
          }
        });
    return inherited;
  }

  private static boolean isText(JsonNode value, Pattern form) {
    return value.isTextual() && form.matcher(value.textValue()).matches();
  }

  /** Those of a list that are of the form. */
  private static void putTexts(ObjectNode inherited, String key, JsonNode values, Pattern form) {
    for (JsonNode value : values) {
      if (isText(value, form)) {
        inherited.withArrayProperty(key).add(value);
      }
    }
  }
}
