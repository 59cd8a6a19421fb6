package io.github.tralign.djl.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.Ints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Cuts are where they change no token, for tokenizers that split as GPT-2, Llama 3 and Qwen 2 do.
 */
class SafeCutsTest {

  private static final Path GOLDEN =
      Path.of("src/test/resources/io/github/tralign/djl/golden/neox");

  private static final String LLAMA_3 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final Map<String, CheckpointTokenizer> TOKENIZERS =
      Map.of(
          "GPT-2", tokenizer(json -> {}),
          "Llama 3", tokenizer(json -> split(json, LLAMA_3)),
          "Qwen 2",
              tokenizer(
                  json -> {
                    split(json, LLAMA_3.replace("{1,3}", ""));
                    json.putObject("normalizer").put("type", "NFC");
                  }));

  @Property(tries = 3000)
  void the_parts_give_the_tokens_of_the_whole(
      @ForAll("tokenizers") String name,
      @ForAll("texts") String beginning,
      @ForAll("texts") String rest) {
    CheckpointTokenizer tokenizer = TOKENIZERS.get(name);
    String whole = beginning + rest;
    int cut = tokenizer.lastCut(beginning);

    assertThat(
            Ints.concat(
                tokenizer.encode(whole.substring(0, cut)), tokenizer.encode(whole.substring(cut))))
        .isEqualTo(tokenizer.encode(whole));
  }

  /** {@code encode} leaves the text whole, and adds nothing with these tokenizers. */
  @Property(tries = 5000)
  void the_words_give_the_tokens_of_the_whole(
      @ForAll("tokenizers") String name, @ForAll("texts") String text) {
    CheckpointTokenizer tokenizer = TOKENIZERS.get(name);

    assertThat(tokenizer.encodeWritten(List.of(text)).get(0)).isEqualTo(tokenizer.encode(text));
  }

  @Example
  void a_text_is_cut_into_words() {
    SafeCuts cuts = SafeCuts.of(golden());
    String text = "\n\nHuman: Don't, 2 go! (Why?)\n\nNow";
    List<String> words = new ArrayList<>();
    for (int from = 0; from < text.length(); from = cuts.next(text, from)) {
      words.add(text.substring(from, cuts.next(text, from)));
    }

    assertThat(words)
        .containsExactly("\n\nHuman", ":", " Don", "'t", ", 2", " go", "! (Why", "?)\n\nNow");
  }

  @Provide
  Arbitrary<String> tokenizers() {
    return Arbitraries.of("GPT-2", "Llama 3", "Qwen 2");
  }

  /** Made of what splits and merges: blanks of all kinds, signs, special tokens, accents. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "\n",
            "\n",
            "\n\n",
            "\r",
            "\r\n",
            " ",
            "  ",
            "\t",
            "\u0085",
            "\u00a0",
            "\u2028",
            "a",
            "Z",
            "word",
            "9",
            "123",
            "'",
            "'s",
            "'LL",
            ".",
            ",",
            ": ",
            ";",
            "(",
            "?!",
            "é",
            "e\u0301",
            "\u0301",
            "😀",
            "東",
            "<|endoftext|>",
            "\u0000",
            "\u001c")
        .list()
        .ofMaxSize(12)
        .map(parts -> parts.stream().collect(Collectors.joining()));
  }

  @Example
  void the_cut_is_the_last_place_that_is_sure() {
    CheckpointTokenizer gpt2 = TOKENIZERS.get("GPT-2");
    CheckpointTokenizer llama3 = TOKENIZERS.get("Llama 3");

    assertThat(gpt2.lastCut("\n\nHuman: Why?\n\nAssistant:")).isEqualTo(13);
    assertThat(llama3.lastCut("one\ntwo?\n\nAssistant:")).isEqualTo(3);
    assertThat(gpt2.lastCut("no line feed")).isZero();
    assertThat(gpt2.lastCut("\n")).isZero();
  }

  @Example
  void tokenizers_of_other_kinds_are_never_cut() {
    String text = "one\ntwo\n";
    List<Consumer<ObjectNode>> changes =
        List.of(
            json -> split(json, "\\s+"),
            json -> json.putObject("normalizer").put("type", "NFKC"),
            json -> ((ObjectNode) json.path("pre_tokenizer")).put("add_prefix_space", true),
            json -> json.putObject("pre_tokenizer").put("type", "Metaspace"),
            json -> ((ObjectNode) json.path("added_tokens").path(0)).put("rstrip", true),
            json -> ((ObjectNode) json.path("added_tokens").path(0)).put("content", "e\nt"),
            json -> ((ObjectNode) json.path("added_tokens").path(0)).put("content", "it is"),
            json -> ((ObjectNode) json.path("added_tokens").path(0)).put("content", "1. "),
            json -> ((ObjectNode) json.path("added_tokens").path(0)).put("content", "Mr."),
            json -> ((ObjectNode) json.path("model")).put("type", "Unigram"),
            json -> ((ObjectNode) json.path("model")).put("dropout", 0.1));
    assertThat(SafeCuts.of(golden()).last(text)).isEqualTo(7);
    assertThat(SafeCuts.of(golden()).next(text, 0)).isEqualTo(3);
    for (Consumer<ObjectNode> change : changes) {
      ObjectNode json = golden();
      change.accept(json);
      assertThat(SafeCuts.of(json).last(text)).isZero();
      assertThat(SafeCuts.of(json).next(text, 0)).isEqualTo(text.length());
    }
  }

  private static void split(ObjectNode json, String regex) {
    ObjectNode sequence = json.putObject("pre_tokenizer").put("type", "Sequence");
    ArrayNode steps = sequence.putArray("pretokenizers");
    ObjectNode split = steps.addObject().put("type", "Split").put("behavior", "Isolated");
    split.put("invert", false).putObject("pattern").put("Regex", regex);
    steps
        .addObject()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", false)
        .put("use_regex", false);
  }

  private static CheckpointTokenizer tokenizer(Consumer<ObjectNode> change) {
    try {
      Path folder = Files.createTempDirectory("tokenizer");
      ObjectNode json = golden();
      mergeAllPairs((ObjectNode) json.path("model"));
      change.accept(json);
      Files.writeString(folder.resolve("tokenizer.json"), json.toString());
      Files.copy(GOLDEN.resolve("tokenizer_config.json"), folder.resolve("tokenizer_config.json"));
      return CheckpointTokenizer.load(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Any two characters of a piece become one token, so that a piece cut in two is seen. */
  private static void mergeAllPairs(ObjectNode model) {
    ObjectNode vocabulary = (ObjectNode) model.path("vocab");
    ArrayNode merges = model.putArray("merges");
    List<String> characters = new ArrayList<>();
    vocabulary.fieldNames().forEachRemaining(characters::add);
    characters.removeIf(token -> token.length() > 1);
    for (String first : characters) {
      for (String second : characters) {
        if (!vocabulary.has(first + second)) {
          vocabulary.put(first + second, vocabulary.size());
        }
        merges.add(merges.arrayNode().add(first).add(second));
      }
    }
  }

  private static ObjectNode golden() {
    try {
      JsonNode json = new ObjectMapper().readTree(GOLDEN.resolve("tokenizer.json").toFile());
      return (ObjectNode) json;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
