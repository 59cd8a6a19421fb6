package io.github.tralign.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemotedMarkdownTest {

  /** A slash stands for the end of a line. A line that begins with # would be a comment. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '\0',
      textBlock =
          """
          /# a                       @ ### a
          /##### a                   @ ###### a
          text/   ## a               @ text/   #### a
          /#                         @ ###
          a/===                      @ ### a
          a/---                      @ #### a
          a/b//c/d  /-               @ a/b//#### c d
          text//  a/  ---            @ text//  #### a
          ***/a/=                    @ ***/### a
          ```/~~~/# a/```/# a        @ ```/~~~/# a/```/### a
          ```/```python/# a/```/# a  @ ```/```python/# a/```/### a
          ````/```/# a/`````/# a     @ ````/```/# a/`````/### a
          ```/    ```/# a/```/# a    @ ```/    ```/# a/```/### a
          ```a```/# a                @ ```a```/### a
          10. ```/    # a/    ```/# a @ 10. ```/    # a/    ```/### a
          <!--/```/-->/# a           @ <!--/```/-->/### a
          <!-- b -->/# a             @ <!-- b -->/### a
          """)
  void headings_are_two_levels_lower_outside_of_code(String markdown, String lower) {
    assertThat(DemotedMarkdown.of(markdown.replace('/', '\n'))).isEqualTo(lower.replace('/', '\n'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\n\n---\nb",
        "---\n---",
        "- a\n---",
        "1. a\nb\n---",
        "> a\n---",
        "a\n- b\n---",
        "| a |\n| - |\n| b |\n---",
        "a | b\n--- | ---\nc | d\n---",
        "a\n\n    b\n---",
        "a\n\n    # b",
        "#a",
        "####### a",
        "===\n\na",
        "~~~\na\n---\n~~~"
      })
  void what_is_no_heading_stays_as_it_is(String markdown) {
    assertThat(DemotedMarkdown.of(markdown)).isEqualTo(markdown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '\0',
      textBlock =
          """
          ~~~~/a    @ ~~~~/a/~~~~
          - ```/  a @ - ```/  a/  ```
          """)
  void code_that_is_left_open_ends_with_the_text(String markdown, String closed) {
    assertThat(DemotedMarkdown.of(markdown.replace('/', '\n')))
        .isEqualTo(closed.replace('/', '\n'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\n\n<!-- b", "<!--\n# b\n\n```"})
  void a_comment_that_is_left_open_ends_with_the_text(String markdown) {
    assertThat(DemotedMarkdown.of(markdown)).isEqualTo(markdown + "\n-->");
  }
}
