package io.github.tralign.quickstart;

import com.google.common.collect.ImmutableList;

/**
 * Templates of requests and answers about one topic: {@code {0}} is replaced by the subject, {@code
 * {1}} by the fact about it.
 *
 * @param facts the subjects with their facts
 * @param requests templates of requests
 * @param answer the template of an answer, right or wrong
 */
record Topic(ImmutableList<Fact> facts, ImmutableList<String> requests, String answer) {

  /** A subject and the fact about it. */
  record Fact(String thing, String truth) {

    String in(String template) {
      return template.replace("{0}", thing).replace("{1}", truth);
    }
  }

  /**
   * Makes a topic.
   *
   * @param facts each in the form {@code subject: fact}
   */
  static Topic of(String answer, ImmutableList<String> requests, String... facts) {
    ImmutableList.Builder<Fact> parsed = ImmutableList.builder();
    for (String fact : facts) {
      int colon = fact.indexOf(':');
      parsed.add(new Fact(fact.substring(0, colon), fact.substring(colon + 2)));
    }
    return new Topic(parsed.build(), requests, answer);
  }
}
