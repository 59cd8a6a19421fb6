package io.github.tralign.djl.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The special and added tokens that a folder's files name in addition to {@code tokenizer.json},
 * collected as transformers 5 does: {@code special_tokens_map.json} and {@code added_tokens.json}
 * are used only if {@code tokenizer_config.json} has no {@code added_tokens_decoder}.
 */
public final class SpecialTokens {

  private static final String EXTRA = "extra_special_tokens";
  private static final String ADDITIONAL = "additional_special_tokens";
  private static final String SPECIFIC = "model_specific_special_tokens";
  private static final String DECODER = "added_tokens_decoder";

  private static final ImmutableList<String> STANDARD =
      ImmutableList.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private final TokenizerFiles files;
  private final Map<String, AddedToken> named = new LinkedHashMap<>(); // the standard ones first
  private final List<AddedToken> extra = new ArrayList<>();

  private SpecialTokens(TokenizerFiles files) {
    this.files = files;
  }

  /**
   * Collects the tokens of a folder.
   *
   * @throws InvalidInputException if a file is invalid
   */
  public static SpecialTokens of(TokenizerFiles files, TokenizerClass type) {
    SpecialTokens tokens = new SpecialTokens(files);
    ConfigJson settings = files.settings();
    Map<String, Named> keys = new LinkedHashMap<>();
    ObjectNode json = settings.json();
    JsonNode extra = json.path(EXTRA);
    if (json.has(ADDITIONAL) && extra.isEmpty() && (!extra.isValueNode() || extra.isNull())) {
      json.set(EXTRA, json.get(ADDITIONAL));
    }
    json.properties().forEach(it -> keys.put(it.getKey(), new Named(settings, it.getValue())));
    Map<String, AddedToken> explicit = takeExplicit(keys);
    if (!json.has(DECODER)) {
      mergeSpecialTokensMap(files.specialTokens(), keys);
    }
    takeObject(EXTRA, keys, explicit);
    Named additional = keys.get(ADDITIONAL);
    if (additional != null) {
      keys.putIfAbsent(EXTRA, additional); // after an object of named tokens was taken
    }
    for (String key : STANDARD) {
      tokens.standard(key, keys, type);
    }
    tokens.further(keys);
    tokens.named.putAll(explicit);
    return tokens;
  }

  /** The value of a key, and the file it is from. */
  private record Named(ConfigJson file, JsonNode value) {}

  /**
   * Takes the model's own named tokens: strings under other {@code …_token} keys, such as {@code
   * image_token}, and the object {@code extra_special_tokens}; if there are none, the object {@code
   * model_specific_special_tokens}.
   */
  private static Map<String, AddedToken> takeExplicit(Map<String, Named> keys) {
    Map<String, AddedToken> explicit = new LinkedHashMap<>();
    keys.forEach(
        (key, value) -> {
          if (isFurther(key) && value.value().isTextual()) {
            explicit.put(key, token(value, key, value.value()));
          }
        });
    keys.keySet().removeAll(explicit.keySet());
    takeObject(EXTRA, keys, explicit);
    if (explicit.isEmpty()) {
      takeObject(SPECIFIC, keys, explicit);
    }
    return explicit;
  }

  private static void takeObject(
      String key, Map<String, Named> keys, Map<String, AddedToken> explicit) {
    Named named = keys.get(key);
    if (named != null && named.value().isObject()) {
      named
          .value()
          .properties()
          .forEach(it -> explicit.put(it.getKey(), token(named, key, it.getValue())));
      keys.remove(key);
    }
  }

  private static boolean isFurther(String key) {
    return key.endsWith("_token") && !STANDARD.contains(key);
  }

  private static void mergeSpecialTokensMap(ConfigJson map, Map<String, Named> keys) {
    for (Map.Entry<String, JsonNode> entry : map.json().properties()) {
      JsonNode value = entry.getValue();
      Named before = keys.get(entry.getKey());
      if (entry.getKey().equals(EXTRA) && value.isArray() && before != null) {
        ArrayNode all = ((ArrayNode) value).arrayNode();
        before.value().forEach(all::add);
        value.forEach(all::add);
        value = all;
      }
      keys.put(entry.getKey(), new Named(map, value));
    }
    Named additional = keys.get(ADDITIONAL);
    if (additional != null) {
      keys.putIfAbsent(EXTRA, additional);
    }
  }

  private void standard(String key, Map<String, Named> keys, TokenizerClass type) {
    Named value = keys.get(key);
    if (value != null) {
      if (!value.value().isNull()) {
        named.put(key, token(value, key, value.value()));
      }
    } else if (type.defaults().containsKey(key)) {
      put(key, type.defaults().getOrDefault(key, ""));
    } else if (key.equals("pad_token")) {
      files.tokenizer().get().object("padding").ifPresent(it -> put(key, it.stringOr(key, "")));
    }
  }

  private void put(String key, String content) {
    if (!content.isEmpty()) {
      named.put(key, AddedToken.special(content));
    }
  }

  /** Adds the tokens under other {@code …_token} keys, and the unnamed ones. */
  private void further(Map<String, Named> keys) {
    keys.forEach(
        (key, value) -> {
          if (isFurther(key) && (value.value().isTextual() || value.value().has("content"))) {
            named.put(key, token(value, key, value.value()));
          }
        });
    Named value = keys.get(EXTRA);
    if (value != null && value.value().isArray()) {
      value.value().forEach(it -> extra.add(token(value, EXTRA, it)));
    } else if (value != null && !value.value().isNull()) {
      throw invalid(value, EXTRA, "a list of tokens, or an object of named tokens");
    }
  }

  private static AddedToken token(Named from, String key, JsonNode value) {
    if (value.isTextual()) {
      return AddedToken.special(value.asText());
    }
    if (value instanceof ObjectNode object && object.path("content").isTextual()) {
      ConfigJson json = ConfigJson.of(from.file().file(), object);
      return object.has("__type") ? AddedToken.of(json) : AddedToken.of(json, true);
    }
    throw invalid(from, key, "a string, or an object with a string 'content'");
  }

  private static InvalidInputException invalid(Named from, String key, String expected) {
    boolean stands = from.file().has(key) || !key.equals(EXTRA);
    return from.file().unexpected(stands ? key : ADDITIONAL, expected);
  }

  private static TreeMap<Integer, AddedToken> ofDecoder(ConfigJson decoder) {
    TreeMap<Integer, AddedToken> listed = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : decoder.json().properties()) {
      try {
        AddedToken token =
            AddedToken.of(
                decoder
                    .object(entry.getKey())
                    .orElseThrow(() -> decoder.unexpected(entry.getKey(), "an object")));
        listed.put(Integer.parseInt(entry.getKey()), token);
      } catch (NumberFormatException e) {
        throw decoder.unexpected(entry.getKey(), "a token id as the key");
      }
    }
    return listed;
  }

  /**
   * The tokens of {@code added_tokens.json} and {@code tokenizer.json}, by id; the latter take
   * precedence.
   */
  private TreeMap<Integer, AddedToken> ofFiles() {
    TreeMap<Integer, AddedToken> listed = new TreeMap<>();
    ConfigJson added = files.addedTokens();
    for (Map.Entry<String, JsonNode> entry : added.json().properties()) {
      String content = entry.getKey();
      boolean special =
          STANDARD.stream()
                  .map(named::get)
                  .anyMatch(it -> it != null && it.content().equals(content))
              || extra.stream().anyMatch(it -> it.content().equals(content));
      listed.put(
          added.requiredInt(content),
          new AddedToken(content, false, false, false, Optional.of(!special), special));
    }
    for (ConfigJson token : files.tokenizer().get().objects("added_tokens")) {
      listed.put(token.requiredInt("id"), AddedToken.of(token));
    }
    return listed;
  }

  /** The texts of the standard tokens that are set, by name, as chat templates see them. */
  public ImmutableMap<String, String> texts() {
    ImmutableMap.Builder<String, String> texts = ImmutableMap.builder();
    for (String name : STANDARD) {
      AddedToken token = named.get(name);
      if (token != null) {
        texts.put(name, token.content());
      }
    }
    return texts.buildOrThrow();
  }

  /** All tokens that have a name, the standard ones first. */
  public ImmutableList<AddedToken> named() {
    return ImmutableList.copyOf(named.values());
  }

  /** Special tokens without a name. */
  public ImmutableList<AddedToken> extra() {
    return ImmutableList.copyOf(extra);
  }

  /** The tokens listed with their ids, sorted by id. */
  public ImmutableList<AddedToken> listed() {
    TreeMap<Integer, AddedToken> listed =
        files.settings().json().has(DECODER)
            ? files.settings().object(DECODER).map(SpecialTokens::ofDecoder).orElseGet(TreeMap::new)
            : ofFiles();
    return ImmutableList.copyOf(listed.values());
  }

  /** The file that sets the token {@code name}, for messages. */
  public ConfigJson fileOf(String name) {
    boolean map = !files.settings().json().has(DECODER) && files.specialTokens().has(name);
    return map ? files.specialTokens() : files.settings();
  }
}
