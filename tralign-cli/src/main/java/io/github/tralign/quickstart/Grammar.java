package io.github.tralign.quickstart;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Generates simple English requests with helpful and unhelpful answers.
 *
 * <p>A good answer is right and polite, a bad one is curt or wrong. The two differ in tone and in
 * content, so that there is something easy to learn and something hard.
 */
final class Grammar {

  static final ImmutableList<Topic> TOPICS =
      ImmutableList.of(
          Topic.of(
              "The capital of {0} is {1}.",
              ImmutableList.of(
                  "What is the capital of {0}?",
                  "Which city is the capital of {0}?",
                  "Tell me the capital of {0}.",
                  "I forgot the capital of {0}. Can you tell me?"),
              "France: Paris",
              "Italy: Rome",
              "Spain: Madrid",
              "Japan: Tokyo",
              "Egypt: Cairo",
              "Norway: Oslo",
              "Greece: Athens",
              "Peru: Lima",
              "Kenya: Nairobi",
              "Cuba: Havana",
              "Poland: Warsaw",
              "Austria: Vienna"),
          Topic.of(
              "In {0} you say {1}.",
              ImmutableList.of(
                  "How do I say thank you in {0}?",
                  "What is thank you in {0}?",
                  "I want to thank a friend in {0}. What do I say?",
                  "Teach me to say thank you in {0}."),
              "Spanish: gracias",
              "French: merci",
              "German: danke",
              "Italian: grazie",
              "Japanese: arigato",
              "Swedish: tack",
              "Finnish: kiitos",
              "Turkish: tesekkur",
              "Hawaiian: mahalo",
              "Polish: dziekuje",
              "Portuguese: obrigado",
              "Swahili: asante"),
          Topic.of(
              "A young {0} is called a {1}.",
              ImmutableList.of(
                  "What do you call a young {0}?",
                  "What is a young {0} called?",
                  "My child saw a young {0}. What is it called?",
                  "Is there a word for a young {0}?"),
              "dog: puppy",
              "cat: kitten",
              "cow: calf",
              "sheep: lamb",
              "horse: foal",
              "bear: cub",
              "goose: gosling",
              "goat: kid",
              "deer: fawn",
              "duck: duckling",
              "frog: tadpole",
              "swan: cygnet"),
          Topic.of(
              "The opposite of {0} is {1}.",
              ImmutableList.of(
                  "What is the opposite of {0}?",
                  "Which word is the opposite of {0}?",
                  "I need a word that means the opposite of {0}.",
                  "Tell me the opposite of {0}."),
              "hot: cold",
              "big: small",
              "fast: slow",
              "early: late",
              "rich: poor",
              "loud: quiet",
              "heavy: light",
              "happy: sad",
              "hard: soft",
              "full: empty",
              "clean: dirty",
              "brave: afraid"),
          Topic.of(
              "To {0} you need {1}.",
              ImmutableList.of(
                  "What do I need to {0}?",
                  "I want to {0}. What do I need?",
                  "Which tool is right to {0}?",
                  "Can you help me to {0}?"),
              "cut paper: scissors",
              "drive in a nail: a hammer",
              "dig a hole: a spade",
              "sweep the floor: a broom",
              "paint a wall: a brush",
              "boil water: a kettle",
              "open a bottle: a corkscrew",
              "look at stars: a telescope",
              "mend a shirt: a needle",
              "climb a roof: a ladder",
              "measure a table: a ruler",
              "bake bread: an oven"),
          Topic.of(
              "You could {1}.",
              ImmutableList.of(
                  "How can I {0}?",
                  "I would like to {0}. What should I do?",
                  "What is a good way to {0}?",
                  "Give me some advice. I want to {0}."),
              "sleep better: go to bed at the same time every day",
              "save money: write down what you spend",
              "make new friends: join a club in your town",
              "read more: carry a small book with you",
              "cook at home: start with a simple soup",
              "worry less: take a slow walk every evening",
              "learn to sing: practise with a patient teacher",
              "be on time: set your clock five minutes ahead",
              "eat less sugar: drink water with your meals",
              "know my neighbours: invite them for tea",
              "keep my plants alive: water them twice a week",
              "remember names: repeat them when you hear them"));

  static final ImmutableList<String> GREETINGS = ImmutableList.of("", "Hello! ", "Excuse me. ");

  static final ImmutableList<String> OPENINGS =
      ImmutableList.of(
          "Of course! ", "Happy to help! ", "Good question! ", "With pleasure. ", "Sure! ", "");

  static final ImmutableList<String> CLOSINGS =
      ImmutableList.of(
          " I hope this helps!",
          " Let me know if you need more.",
          " Have a lovely day!",
          " Just ask if anything is unclear.",
          " You are welcome.",
          "");

  static final ImmutableList<String> CURT =
      ImmutableList.of(
          "No.",
          "Look it up yourself.",
          "Why should I know?",
          "I do not care.",
          "That is a silly question.",
          "Ask someone else.",
          "Not now. Go away.");

  static final ImmutableList<String> SHRUGS =
      ImmutableList.of("", " Who cares?", " Whatever.", " I guess.", " Now leave me alone.");

  static final String HUMAN = "\n\nHuman: ";
  static final String ASSISTANT = "\n\nAssistant:";

  /** A request, with its topic and subject. */
  record Request(String prompt, Topic topic, Topic.Fact fact) {}

  private Grammar() {}

  /** All possible requests, in a fixed order. */
  static List<Request> requests() {
    List<Request> requests = new ArrayList<>();
    for (Topic topic : TOPICS) {
      for (Topic.Fact fact : topic.facts()) {
        for (String request : topic.requests()) {
          for (String greeting : GREETINGS) {
            String prompt = HUMAN + greeting + fact.in(request) + ASSISTANT;
            requests.add(new Request(prompt, topic, fact));
          }
        }
      }
    }
    return requests;
  }

  /** A right and polite answer. */
  static String goodAnswer(Request request, Draw draw) {
    return " "
        + draw.oneOf(OPENINGS)
        + request.fact().in(request.topic().answer())
        + draw.oneOf(CLOSINGS);
  }

  /** A curt answer, or a wrong one. */
  static String badAnswer(Request request, Draw draw) {
    return draw.chance(0.5)
        ? " " + draw.oneOf(CURT)
        : " " + wrong(request, draw).in(request.topic().answer()) + draw.oneOf(SHRUGS);
  }

  /** The requested subject with the fact about another. */
  private static Topic.Fact wrong(Request request, Draw draw) {
    List<Topic.Fact> others = new ArrayList<>(request.topic().facts());
    others.remove(request.fact());
    return new Topic.Fact(request.fact().thing(), draw.oneOf(others).truth());
  }

  /**
   * Texts that contain every word of the grammar in the form in which it occurs in requests and
   * answers.
   */
  static List<String> vocabulary() {
    List<String> texts = new ArrayList<>(List.of(HUMAN, ASSISTANT));
    requests().forEach(request -> texts.add(request.prompt()));
    for (Topic topic : TOPICS) {
      topic.facts().forEach(fact -> texts.add(" " + fact.in(topic.answer())));
    }
    Stream.of(OPENINGS, CURT).flatMap(List::stream).forEach(text -> texts.add(" " + text));
    Stream.of(CLOSINGS, SHRUGS).forEach(texts::addAll);
    return texts;
  }
}
