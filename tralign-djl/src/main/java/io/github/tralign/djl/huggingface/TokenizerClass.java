package io.github.tralign.djl.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Map;

/**
 * The tokenizer classes of transformers 5. Some use {@code tokenizer.json} as it is; others use its
 * vocabulary, merges and post-processor, and build the other parts themselves.
 */
public enum TokenizerClass {
  /** Uses the file as it is. */
  BACKEND(ImmutableMap.of()),
  LLAMA(ImmutableMap.of("bos_token", "<s>", "eos_token", "</s>", "unk_token", "<unk>")),
  GPT2(
      ImmutableMap.of(
          "bos_token", "<|endoftext|>",
          "eos_token", "<|endoftext|>",
          "unk_token", "<|endoftext|>",
          "pad_token", "")),
  GPT_NEOX(
      ImmutableMap.of(
          "bos_token", "<|endoftext|>",
          "eos_token", "<|endoftext|>",
          "unk_token", "<|endoftext|>",
          "pad_token", "<|padding|>")),
  GEMMA(
      ImmutableMap.of(
          "bos_token", "<bos>",
          "eos_token", "<eos>",
          "unk_token", "<unk>",
          "pad_token", "<pad>",
          "mask_token", "<mask>")),
  QWEN2(
      ImmutableMap.of(
          "bos_token", "",
          "eos_token", "<|endoftext|>",
          "unk_token", "<|endoftext|>",
          "pad_token", "<|endoftext|>"));

  private static final Map<String, TokenizerClass> BY_NAME =
      Map.of(
          "LlamaTokenizer", LLAMA,
          "GemmaTokenizer", GEMMA,
          "GPT2Tokenizer", GPT2,
          "GPTNeoXTokenizer", GPT_NEOX,
          "Qwen2Tokenizer", QWEN2);

  /** By the model's {@code model_type}, if the folder names no class. */
  private static final Map<String, TokenizerClass> OF_MODEL =
      Map.of(
          "gemma", GEMMA,
          "gemma2", GEMMA,
          "gemma3_text", GEMMA,
          "gpt2", GPT2,
          "gpt_neox", GPT_NEOX,
          "qwen2", QWEN2,
          "qwen3", QWEN2,
          "starcoder2", GPT2);

  /** Models whose folders often name a wrong class, which transformers therefore ignores. */
  private static final ImmutableSet<String> WRONGLY_NAMED =
      ImmutableSet.of(
          "granite", "ministral", "mistral", "olmo2", "olmo3", "phi3", "qwen2", "stablelm");

  /**
   * Classes of transformers that build parts themselves or read other files, and are not supported.
   */
  private static final ImmutableSet<String> OTHERS =
      ImmutableSet.copyOf(
          ("Albert Bart Barthez Bartpho Bert BertGeneration BertJapanese Bertweet BigBird BioGpt"
                  + " Blenderbot BlenderbotSmall ByT5 CLIP CTRL Camembert Canine Clvp CodeGen"
                  + " CodeLlama Cohere ConvBert Cpm CpmAnt DPRContextEncoder DPRQuestionEncoder"
                  + " DPRReader Deberta DebertaV2 Dia DistilBert Esm Esmc FNet FSMT"
                  + " FastSpeech2Conformer Flaubert Funnel GPTNeoXJapanese GPTSw3 Herbert"
                  + " LED Lasr LayoutLMv2 LayoutLMv3 LayoutXLM Luke Lxmert M2M100 MBart MBart50"
                  + " MLuke MPNet Marian MarkupLM Mgpstr MobileBert Mvp MyT5 Nllb Nougat OpenAIGPT"
                  + " PLBart Pegasus Perceiver Phobert ProphetNet Qwen3_5 Rag Reformer RemBert"
                  + " RoCBert RoFormer Roberta SeamlessM4T Siglip Siglip2 Speech2Text SpeechT5"
                  + " Splinter SqueezeBert T5 Tapas Tipsv2 Udop VideoPrism Vits Wav2Vec2CTC"
                  + " Wav2Vec2PhonemeCTC Whisper XGLM XLM XLMRoberta XLNet")
              .split(" "));

  private static final String QWEN2_PATTERN =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private final ImmutableMap<String, String> defaults;

  TokenizerClass(ImmutableMap<String, String> defaults) {
    this.defaults = defaults;
  }

  /**
   * The class that transformers' {@code AutoTokenizer} chooses for a folder.
   *
   * @throws io.github.tralign.InvalidInputException if it is not supported
   */
  public static TokenizerClass of(TokenizerFiles files) {
    ConfigJson from = files.settings().has("tokenizer_class") ? files.settings() : files.model();
    String name = from.stringOr("tokenizer_class", "").replaceFirst("Fast$", "");
    String model = modelType(files.model());
    if (name.isEmpty() || WRONGLY_NAMED.contains(model) && !files.settings().has("auto_map")) {
      return OF_MODEL.getOrDefault(model, BACKEND);
    }
    if (name.endsWith("Tokenizer") && OTHERS.contains(name.replaceFirst("Tokenizer$", ""))) {
      throw from.unexpected(
          "tokenizer_class",
          "PreTrainedTokenizerFast, which uses tokenizer.json as it is, or one of "
              + String.join(", ", BY_NAME.keySet().stream().sorted().toList()));
    }
    TokenizerClass named = BY_NAME.getOrDefault(name, BACKEND);
    return named == LLAMA && files.tokenizer().get().json().toString().contains("\"ByteLevel\"")
        ? BACKEND // Llama 3, whose configured class is wrong
        : named;
  }

  /** The class's default special tokens by name; an empty string means none. */
  ImmutableMap<String, String> defaults() {
    return defaults;
  }

  /**
   * Whether the class builds parts itself; then it ignores the added tokens of {@code
   * tokenizer.json}.
   */
  public boolean buildsParts() {
    return this != BACKEND;
  }

  /** Replaces the parts of a {@code tokenizer.json} that the class builds itself. */
  public void rebuild(ObjectNode tokenizer, ConfigJson settings) {
    if (!buildsParts()) {
      return;
    }
    boolean prefix = settings.booleanOr("add_prefix_space", this == LLAMA);
    tokenizer.set("model", model(tokenizer.path("model")));
    if (this == GEMMA) {
      JsonNode unknown = settings.json().path("unk_token");
      String given = unknown.path("content").asText(unknown.asText());
      tokenizer.withObject("/model").put("unk_token", given.isEmpty() ? "<unk>" : given);
    }
    tokenizer.putNull("normalizer");
    if (this == GEMMA) {
      ObjectNode blanks = tokenizer.putObject("normalizer").put("type", "Replace");
      blanks.putObject("pattern").put("String", " ");
      blanks.put("content", "▁");
    }
    if (this == GPT_NEOX || this == QWEN2) {
      tokenizer.putObject("normalizer").put("type", "NFC");
    }
    if (this == GPT_NEOX) {
      tokenizer.putNull("post_processor");
    }
    ObjectNode split = tokenizer.putObject("pre_tokenizer");
    if (this == LLAMA) {
      String first = settings.booleanOr("legacy", false) ? "always" : "first";
      split
          .put("type", "Metaspace")
          .put("replacement", "▁")
          .put("prepend_scheme", prefix ? first : "never")
          .put("split", false);
    } else if (this == GEMMA) {
      split.put("type", "Split");
      split.putObject("pattern").put("String", " ");
      split.put("behavior", "MergedWithPrevious").put("invert", false);
    } else if (this == QWEN2) {
      split.put("type", "Sequence");
      ObjectNode words = split.putArray("pretokenizers").addObject().put("type", "Split");
      words.putObject("pattern").put("Regex", QWEN2_PATTERN);
      words.put("behavior", "Isolated").put("invert", false);
      byteLevel(split.withArray("pretokenizers").addObject(), prefix, false);
    } else {
      byteLevel(split, prefix, true);
    }
  }

  private static void byteLevel(ObjectNode json, boolean prefix, boolean byRegex) {
    json.put("type", "ByteLevel").put("add_prefix_space", prefix);
    json.put("trim_offsets", true).put("use_regex", byRegex);
  }

  private ObjectNode model(JsonNode file) {
    ObjectNode model = JsonNodeFactory.instance.objectNode().put("type", "BPE");
    for (String unset :
        List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
      model.putNull(unset);
    }
    boolean pieces = this == LLAMA || this == GEMMA;
    model.put("fuse_unk", pieces).put("byte_fallback", pieces);
    model.put("ignore_merges", false);
    model.set("vocab", vocabulary(file.path("vocab")));
    model.set("merges", file.path("merges").isArray() ? file.path("merges") : model.arrayNode());
    return model;
  }

  /** A vocabulary by token; a list, of pieces or of pieces with scores, is numbered from 0. */
  private static JsonNode vocabulary(JsonNode vocabulary) {
    if (!vocabulary.isArray()) {
      return vocabulary;
    }
    ObjectNode numbered = JsonNodeFactory.instance.objectNode();
    for (int id = 0; id < vocabulary.size(); id++) {
      JsonNode piece = vocabulary.get(id);
      numbered.put((piece.isArray() ? piece.path(0) : piece).asText(), id);
    }
    return numbered;
  }

  private static String modelType(ConfigJson model) {
    return model.stringOr(
        "model_type",
        model.strings("architectures").contains("GPTNeoXForCausalLM") ? "gpt_neox" : "");
  }
}
