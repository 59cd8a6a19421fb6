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
 * The one {@code tokenizer.json} that gives the ids which transformers 5 gives with all files of a
 * folder: with the parts that the tokenizer's class builds itself, with the tokens that other files
 * name, and without truncation and padding.
 *
 * @param json for the tokenizers library
 * @param special the tokens that the folder's files name
 */
record EffectiveTokenizer(ObjectNode json, SpecialTokens special) {

  static EffectiveTokenizer of(TokenizerFiles files) {
    ConfigJson settings = files.settings();
    if (settings.booleanOr("split_special_tokens", false)) {
      throw settings.unexpected(
          "split_special_tokens", "false: special tokens that are split cannot end a sequence");
    }
    if (!Set.of("tokenizer.json").containsAll(settings.strings("fast_tokenizer_files"))) {
      throw settings.unexpected("fast_tokenizer_files", "no other file than tokenizer.json");
    }
    if (!settings.json().path("init_inputs").isEmpty()) {
      throw settings.unexpected("init_inputs", "an empty list");
    }
    if (files.tokenizer().get().object("model").map(it -> it.doubleOr("dropout", 0)).orElse(0.0)
        > 0) {
      throw new InvalidInputException(
          files.tokenizer().get().file()
              + ": key 'model.dropout' must be 0 or null: a text has to give the same tokens each"
              + " time");
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
   * The tokens of the file and those that transformers adds, in its order: the library numbers them
   * by it. One that is added again keeps its number and gets other flags.
   */
  private static Collection<AddedToken> added(
      TokenizerFiles files, TokenizerClass type, SpecialTokens special) {
    Map<String, AddedToken> tokens = new LinkedHashMap<>();
    if (!type.builds()) {
      for (ConfigJson json : files.tokenizer().get().objects("added_tokens")) {
        AddedToken token = AddedToken.of(json);
        if (tokens.put(token.content(), token) != null) {
          throw json.unexpected("content", "a text that no token before it has");
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

  /** The contents of all added tokens, once each. */
  ImmutableSet<String> added() {
    return contents(false);
  }

  /** The contents of those that are signs rather than words, such as {@code <|im_end|>}. */
  ImmutableSet<String> signs() {
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
