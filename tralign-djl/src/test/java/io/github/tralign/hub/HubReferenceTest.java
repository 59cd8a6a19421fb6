package io.github.tralign.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.hub.HubReference.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubReferenceTest {

  @Test
  void a_name_has_a_revision_and_a_path_if_they_are_given() {
    assertThat(HubReference.of(Kind.MODEL, "owner/name"))
        .isEqualTo(new HubReference(Kind.MODEL, "owner/name", "main", ""));
    assertThat(HubReference.of(Kind.DATASET, "o-1/n.a_m-e@refs/pr/1:data/train-0.jsonl"))
        .isEqualTo(
            new HubReference(Kind.DATASET, "o-1/n.a_m-e", "refs/pr/1", "data/train-0.jsonl"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"owner/name", "owner/name@v1.0", "owner/name:a/b c", "o/n@refs/pr/1:a"})
  void the_text_of_a_name_is_read_again(String text) {
    assertThat(HubReference.of(Kind.MODEL, text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "name",
        "/name",
        "owner/",
        "a/b/c",
        "../name",
        "owner/..",
        "-o/name",
        "o/name-",
        "o/a--b",
        "o/a..b",
        "o/a.git",
        "o/n@",
        "o/n:",
        "o/n@../x",
        "o/n@/x",
        "o/n@a//b",
        "o/n@a?b",
        "o/n:../x",
        "o/n:/x",
        "o/n:a/../b",
        "o/n:a\\b",
        "./o/n",
        "o n/a",
        "o/n@-x",
        "o/näme"
      })
  void other_texts_are_no_names(String text) {
    assertThat(HubReference.parse(Kind.MODEL, text)).isEmpty();
  }

  @Test
  void a_name_is_no_longer_than_the_hub_allows() {
    assertThat(HubReference.parse(Kind.MODEL, "o/" + "n".repeat(94))).isPresent();
    assertThat(HubReference.parse(Kind.MODEL, "o/" + "n".repeat(95))).isEmpty();
  }

  @Test
  void parts_are_checked() {
    assertThatThrownBy(() -> new HubReference(Kind.MODEL, "name", "main", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'name' is no name of the form owner/name");
    assertThatThrownBy(() -> new HubReference(Kind.MODEL, "o/n", "..", ""))
        .hasMessage("'..' is no valid revision");
    assertThatThrownBy(() -> new HubReference(Kind.MODEL, "o/n", "main", "../x"))
        .hasMessage("'../x' is no valid path in a repository");
  }
}
