package io.github.tralign.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.TR;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.FixedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCardTest {

  private static final String OF_BASE =
      """
      ---
      license: apache-2.0
      language:
      - en
      - "no"
      pipeline_tag: text-generation
      base_model: owner/pretrained
      tags:
      - chat
      ---
      # Base 1

      Made of `a`.

      ```python
      # a comment
      ```

      ## Use
      """;

  @TempDir private Path folder;

  private static ModelCard card() {
    return ModelCard.titled("Base-1-TR-DPO").method("dpo", TR.soft(0.6));
  }

  private static JsonNode metadata(String card) throws IOException {
    return new YAMLMapper().readTree(card.split("---\n")[1]);
  }

  private Path base(String card) throws IOException {
    Path base = Files.createDirectories(folder.resolve("base"));
    Files.writeString(base.resolve("README.md"), card);
    return base;
  }

  @Test
  void a_card_has_what_the_hub_reads() throws IOException {
    String card =
        card()
            .base(base(OF_BASE))
            .baseModel("owner/base-1")
            .dataset("owner/pairs")
            .section("Settings", ImmutableMap.of("beta", "0.05", "words", "a|b\nc"))
            .heldOut(
                new StepMetrics(
                    7, Map.of("loss", 1.0, "eval_rewards/accuracies", 0.75, "kl/initial", 2.5)))
            .render();
    JsonNode metadata = metadata(card);
    assertThat(metadata.path("base_model").asText()).isEqualTo("owner/base-1");
    assertThat(metadata.path("datasets")).hasToString("[\"owner/pairs\"]");
    assertThat(metadata.path("library_name").asText()).isEqualTo("transformers");
    assertThat(metadata.path("license").asText()).isEqualTo("apache-2.0");
    assertThat(metadata.path("language")).hasToString("[\"en\",\"no\"]");
    assertThat(metadata.path("tags")).hasToString("[\"tralign\",\"dpo\",\"tr-dpo\"]");
    assertThat(card)
        .contains(
            "from [owner/base-1](https://huggingface.co/owner/base-1), aligned with preferences by"
                + " TR-DPO, whose reference model moves during training: `soft:0.6`.",
            "- \"no\"\n",
            "| beta | 0.05 |\n| words | a\\|b c |\n",
            "after step 7\n\n",
            "| eval_rewards/accuracies | 0.7500 |",
            "| kl/initial | 2.500 |",
            "2404.09656")
        .doesNotContain("| loss |");
  }

  @Test
  void the_text_of_the_old_card_is_a_section() throws IOException {
    assertThat(card().base(base(OF_BASE)).render())
        .contains(
            "## Card of the base model\n\n### Base 1\n\nMade of `a`.\n\n"
                + "```python\n# a comment\n```\n\n#### Use\n");
  }

  @Test
  void a_base_that_was_trained_here_passes_on_where_it_comes_from() throws IOException {
    Path first = Files.createDirectory(folder.resolve("sft"));
    ModelCard.titled("Base-1-SFT")
        .base(base(OF_BASE))
        .baseModel("owner/base-1")
        .dataset("owner/texts")
        .method("sft", new FixedReference())
        .write(first);
    String card =
        ModelCard.titled("Base-1-TR-DPO")
            .base(first)
            .dataset("owner/pairs")
            .method("dpo", TR.soft(0.6))
            .render();
    assertThat(metadata(card).path("base_model").asText()).isEqualTo("owner/base-1");
    assertThat(metadata(card).path("datasets")).hasToString("[\"owner/texts\",\"owner/pairs\"]");
    assertThat(metadata(card).path("tags")).hasToString("[\"tralign\",\"sft\",\"dpo\",\"tr-dpo\"]");
    assertThat(card)
        .contains("### Base-1-SFT", "fine-tuned on completions (SFT).", "##### Base 1")
        .containsOnlyOnce("Checksum");
  }

  @Test
  void what_is_not_known_is_left_out() throws IOException {
    String card = ModelCard.titled("m").adapter().method("dpo", new FixedReference()).render();
    assertThat(metadata(card))
        .hasToString(
            "{\"library_name\":\"peft\",\"pipeline_tag\":\"text-generation\","
                + "\"tags\":[\"tralign\",\"lora\",\"dpo\"]}");
    assertThat(card)
        .contains("A LoRA adapter, aligned with preferences by DPO. Trained with [tralign]")
        .doesNotContain("2404.09656", "Card of the base model");
  }

  @Test
  void an_invalid_card_of_the_base_is_kept_as_text() throws IOException {
    String card = card().base(base("---\nlicense: [mit\n---\ntext")).render();
    assertThat(metadata(card).has("license")).isFalse();
    assertThat(card).contains("## Card of the base model\n\ntext\n");
    assertThat(CardText.of("").markdown()).isEmpty();
    assertThat(CardText.of("---\n---\nno metadata").markdown()).isEqualTo("no metadata");
  }

  @Test
  void a_byte_order_mark_hides_no_metadata() throws IOException {
    String card = card().base(base("\ufeff---\r\nlicense: mit\r\n---\r\ntext")).render();
    assertThat(metadata(card).path("license").asText()).isEqualTo("mit");
    assertThat(card).contains("## Card of the base model\n\ntext\n");
  }

  @Test
  void a_base_model_that_is_no_name_is_left_out() throws IOException {
    String edited = "---\nbase_model: \"a](http://b)\\n# c\"\ntags: [tralign]\n---\ntext";
    String card = card().base(base(edited)).render();
    assertThat(metadata(card).has("base_model")).isFalse();
    assertThat(card).doesNotContain("http://b");
  }

  @Test
  void what_comes_from_elsewhere_is_no_markup() throws IOException {
    String hostile =
        "<img src=x onerror=alert(1)>`a`|[b](http://c)\n# d *e* _f_ g_h $i$ &lt; \\ \u202e";
    String escaped =
        "\\<img src=x onerror=alert(1)\\>\\`a\\`\\|\\[b\\](http://c) # d \\*e\\* \\_f\\_ g_h"
            + " \\$i\\$ \\&lt; \\\\ \\\\u202e";
    String card =
        ModelCard.titled(hostile)
            .method("dpo`<b>`", TR.soft(0.6))
            .section(hostile, Map.of(hostile, hostile))
            .render();
    assertThat(card)
        .contains("# " + escaped + "\n\nA model, aligned with preferences by TR-DPO\\`\\<B\\>\\`, ")
        .contains("## " + escaped + "\n\n| | |\n| --- | --- |\n")
        .contains("| " + escaped + " | " + escaped + " |\n");
    assertThat(
            metadata(ModelCard.titled("m").method("a\u2028b", TR.soft(0.6)).render()).path("tags"))
        .hasToString("[\"tralign\",\"a\\\\u2028b\",\"tr-a\\\\u2028b\"]");
    assertThat(Markdown.code("a`b``c\nd")).isEqualTo("`a b c d`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: b",
        "- a",
        "a #b",
        "---",
        "null",
        "~",
        "yes",
        "1e3",
        "2024-01-01",
        "'a'",
        "\"a\"",
        "{a}",
        "[a]",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "|",
        ">",
        "a\nb: c\n---\n",
        "a\tb",
        " a ",
        ""
      })
  void metadata_is_read_as_it_was_written(String word) {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode().put("a", word);
    metadata.putArray("tags").add(word).add("last");
    String card = new CardText(metadata, "text").render();
    assertThat(CardText.of(card)).isEqualTo(new CardText(metadata, "text"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-01-01",
        "12:30:45",
        "1e5",
        "1_000",
        "0x1F",
        "0o7",
        "+1",
        "-1",
        ".5",
        ".inf",
        ".NaN",
        "no",
        "On",
        "y",
        "NULL",
        "~",
        "=",
        "<<"
      })
  void a_text_that_looks_like_another_kind_of_value_is_quoted(String word) {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode().put("a", word);
    assertThat(new CardText(metadata, "text").render()).startsWith("---\na: \"" + word + "\"\n---");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          license: mit                     | {"license":"mit"}
          license: [mit, apache-2.0]       | {"license":["mit","apache-2.0"]}
          license: "mit\\nevil: true"      | {}
          license: {a: b}                  | {}
          license_name: Llama 3.1 License  | {"license_name":"Llama 3.1 License"}
          license_link: javascript:alert() | {}
          license_link: https://a.org/L?b=c | {"license_link":"https://a.org/L?b=c"}
          license_link: LICENSE            | {"license_link":"LICENSE"}
          language: en                     | {"language":"en"}
          language: [en, zh-Hant, "<b>", 7] | {"language":["en","zh-Hant"]}
          language: ["<b>", [en], ~]       | {}
          language: [da, no, sv]           | {"language":["da","no","sv"]}
          language: no                     | {"language":"no"}
          pipeline_tag: text-classification | {"pipeline_tag":"text-classification"}
          pipeline_tag: text-to-video      | {}
          pipeline_tag: "<script>"         | {}
          pipeline_tag: 7                  | {}
          widget: [{text: a}]              | {}
          """)
  void only_what_the_hub_knows_is_taken_from_the_card_of_the_base(String yaml, String taken)
      throws IOException {
    ObjectNode base = CardText.of("---\n" + yaml + "\n---\n").metadata();
    assertThat(base).as(yaml).isNotEmpty();
    assertThat(InheritedMetadata.of(base)).hasToString(taken);
  }

  @Test
  void only_texts_are_names_and_tags() throws IOException {
    String card =
        card()
            .base(
                base(
                    "---\nbase_model: ~\ndatasets: [1, o/d]\ntags: [tralign, ~, 7, false]\n---\na"))
            .render();
    assertThat(metadata(card).has("base_model")).isFalse();
    assertThat(metadata(card).path("datasets")).hasToString("[\"o/d\"]");
    assertThat(metadata(card).path("tags")).hasToString("[\"tralign\",\"dpo\",\"tr-dpo\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../..", "a/..", "a/-b", ".a/b", "a/", "/a", "a/b/c", ""})
  void a_path_is_no_name_on_the_hub(String name) {
    assertThatThrownBy(() -> card().baseModel(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_name_that_is_none_of_the_hub_is_a_mistake() {
    assertThatThrownBy(() -> card().baseModel("a](http://b)"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'a](http://b)' is no name on the hub; expected owner/name");
    assertThatThrownBy(() -> card().dataset("a b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_card_is_replaced_unless_somebody_has_edited_it() throws IOException {
    Path file = folder.resolve("README.md");
    assertThat(card().write(folder)).isEqualTo(file);
    assertThat(card().section("More", Map.of("a", "b")).write(folder)).isEqualTo(file);
    String edited = Files.readString(file).replace("TR-DPO", "TR-DPO, release 2");
    Files.writeString(file, edited);
    assertThat(card().write(folder)).isEqualTo(folder.resolve("README.new.md")).exists();
    assertThat(file).hasContent(edited);
    Files.write(file, new byte[] {(byte) 0xff});
    assertThat(card().write(folder)).isEqualTo(folder.resolve("README.new.md"));
    assertThat(file).hasBinaryContent(new byte[] {(byte) 0xff});
  }
}
