package io.github.tralign.quickstart;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the files of a word-level tokenizer: each known word is one token, together with the space
 * before it, and any other text is encoded as UTF-8 bytes.
 *
 * <p>In terms of the tokenizers library it is a byte-level BPE model (as GPT-2's) without merges
 * whose words are looked up whole ({@code ignore_merges}, as Llama 3's).
 */
final class WordTokenizer {

  static final String END = "<|endoftext|>";

  /** GPT-2's pattern, by which the {@code ByteLevel} pre-tokenizer splits. */
  private static final Pattern WORD =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");

  private WordTokenizer() {}

  /**
   * Writes {@code tokenizer.json} and {@code tokenizer_config.json}.
   *
   * @param folder the folder to write to, created if missing
   * @param texts the texts that contain all known words
   * @return the vocabulary size; the end-of-sequence token has id 0
   */
  static int write(Path folder, List<String> texts) throws IOException {
    ObjectNode vocabulary = JsonNodeFactory.instance.objectNode().put(END, 0);
    for (int b = 0; b < 256; b++) {
      vocabulary.put(String.valueOf(letter(b)), vocabulary.size());
    }
    TreeSet<String> words = new TreeSet<>(); // sorted, so that ids depend on the words only
    for (String text : texts) {
      Matcher word = WORD.matcher(text);
      while (word.find()) {
        words.add(spelled(word.group()));
      }
    }
    for (String word : words) {
      if (!vocabulary.has(word)) {
        vocabulary.put(word, vocabulary.size());
      }
    }
    Files.createDirectories(folder);
    writeJson(folder.resolve("tokenizer.json"), tokenizer(vocabulary));
    writeJson(folder.resolve("tokenizer_config.json"), config());
    return vocabulary.size();
  }

  private static ObjectNode tokenizer(ObjectNode vocabulary) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", "1.0").putNull("truncation").putNull("padding");
    json.putArray("added_tokens")
        .addObject()
        .put("id", 0)
        .put("content", END)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
    json.putNull("normalizer");
    json.set("pre_tokenizer", byteLevel());
    json.putNull("post_processor");
    json.set("decoder", byteLevel());
    ObjectNode model = json.putObject("model");
    model.put("type", "BPE").putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", true);
    model.set("vocab", vocabulary);
    model.putArray("merges");
    return json;
  }

  private static ObjectNode byteLevel() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }

  private static ObjectNode config() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("tokenizer_class", "PreTrainedTokenizerFast")
        .put("eos_token", END)
        .put("pad_token", END)
        .put("clean_up_tokenization_spaces", false)
        .put("model_max_length", TinyLlama.MAX_LENGTH);
  }

  /** A word in the alphabet of byte-level BPE: one letter for each byte. */
  private static String spelled(String word) {
    StringBuilder letters = new StringBuilder();
    for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
      letters.append(letter(b & 0xff));
    }
    return letters.toString();
  }

  /**
   * GPT-2's character for a byte: the same if it is visible in Latin-1, else the next one from 256
   * on.
   */
  static char letter(int b) {
    int hidden = 0;
    for (int earlier = 0; earlier < b; earlier++) {
      hidden += visible(earlier) ? 0 : 1;
    }
    return (char) (visible(b) ? b : 256 + hidden);
  }

  private static boolean visible(int b) {
    return (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
  }

  private static void writeJson(Path file, ObjectNode json) {
    AtomicFile.writeString(file, json + "\n");
  }
}
