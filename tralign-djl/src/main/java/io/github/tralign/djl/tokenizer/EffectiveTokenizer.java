package io.github.tralign.djl.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.AddedToken;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.huggingface.SpecialTokens;
import io.github.tralign.djl.huggingface.TokenizerClass;
import io.github.tralign.djl.huggingface.TokenizerFiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A single {@code tokenizer.json} with which the tokenizers library gives the same ids as
 * transformers 5 with all files of a folder: it includes the parts that the tokenizer's class
 * builds itself and the tokens of the other files, and has no truncation or padding.
 *
 * @param json the content of the {@code tokenizer.json}
 * @param special the tokens that the other files name
 */
record EffectiveTokenizer(ObjectNode json, SpecialTokens special) {

  static EffectiveTokenizer of(TokenizerFiles files) {
    ConfigJson settings = files.settings();
    if (settings.booleanOr("split_special_tokens", false)) {
      throw settings.unexpected(
          "split_special_tokens",
          "false, since a split special token cannot mark the end of a sequence");
    }
    if (!Set.of("tokenizer.json").containsAll(settings.strings("fast_tokenizer_files"))) {
      throw settings.unexpected("fast_tokenizer_files", "only tokenizer.json");
    }
    if (!settings.json().path("init_inputs").isEmpty()) {
      throw settings.unexpected("init_inputs", "an empty list");
    }
    if (files.tokenizer().get().object("model").map(it -> it.doubleOr("dropout", 0)).orElse(0.0)
        > 0) {
      throw new InvalidInputException(
          files.tokenizer().get().file()
              + ": key 'model.dropout' must be 0 or null, so that a text always has the same tokens");
    }
    TokenizerClass type = TokenizerClass.of(files);
    SpecialTokens special = SpecialTokens.of(files, type);
    ObjectNode json = files.tokenizer().get().json();
    type.rebuild(json, settings);
    json.putNull("truncation").putNull("padding");
    ArrayNode added = json.putArray("added_tokens");
    added(files, type, special).forEach(it -> added.add(it.json()));
    return new EffectiveTokenizer(json, special);
  }

  /**
   * The added tokens of the file and those that transformers adds, in its order, which determines
   * their ids. A token that is added again keeps its id but gets the new flags.
   */
  private static Collection<AddedToken> added(
      TokenizerFiles files, TokenizerClass type, SpecialTokens special) {
    Map<String, AddedToken> tokens = new LinkedHashMap<>();
    if (!type.buildsParts()) {
      for (ConfigJson json : files.tokenizer().get().objects("added_tokens")) {
        AddedToken token = AddedToken.of(json);
        if (tokens.put(token.content(), token) != null) {
          throw json.unexpected("content", "a token that is not listed before");
        }
      }
    }
    List<AddedToken> further = new ArrayList<>();
    special.listed().stream()
        .filter(it -> !it.isLike(tokens.get(it.content())))
        .forEach(further::add);
    Set<String> known = new HashSet<>(tokens.keySet());
    further.forEach(it -> known.add(it.content()));
    Stream.of(special.named(), special.extra())
        .flatMap(List::stream)
        .filter(it -> !known.contains(it.content()))
        .forEach(further::add);
    Set<String> named =
        special.named().stream().map(AddedToken::content).collect(Collectors.toSet());
    for (AddedToken token : further) {
      tokens.put(token.content(), named.contains(token.content()) ? token.asSpecial() : token);
    }
    if (type == TokenizerClass.QWEN2) {
      all(special).forEach(it -> tokens.put(it, AddedToken.special(it)));
    }
    return tokens.values();
  }

  private static Set<String> all(SpecialTokens special) {
    Set<String> all = new LinkedHashSet<>();
    special.named().forEach(it -> all.add(it.content()));
    special.extra().forEach(it -> all.add(it.content()));
    return all;
  }

  /** The texts of all added tokens, without duplicates. */
  ImmutableSet<String> added() {
    return contents(false);
  }

  /** The texts of the special tokens among them, such as {@code <|im_end|>}. */
  ImmutableSet<String> specialTexts() {
    return contents(true);
  }

  private ImmutableSet<String> contents(boolean specialOnly) {
    ImmutableSet.Builder<String> contents = ImmutableSet.builder();
    json.path("added_tokens")
        .forEach(
            it -> {
              String content = it.path("content").asText();
              if (!content.isEmpty() && (!specialOnly || it.path("special").asBoolean())) {
                contents.add(content);
              }
            });
    return contents.build();
  }
}
