package io.github.tralign.quickstart;

import com.google.common.collect.ImmutableList;

/**
 * What requests and answers of one kind look like: {@code {0}} stands for the thing asked about,
 * {@code {1}} for what is true of it.
 *
 * @param facts each a thing and what is true of it
 * @param requests ways to ask
 * @param answer a sentence with what is true, or with what is true of something else
 */
record Topic(ImmutableList<Fact> facts, ImmutableList<String> requests, String answer) {

  /** A thing and what is true of it. */
  record Fact(String thing, String truth) {

    String in(String template) {
      return template.replace("{0}", thing).replace("{1}", truth);
    }
  }

  /**
   * A topic.
   *
   * @param facts each as {@code thing: truth}
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
