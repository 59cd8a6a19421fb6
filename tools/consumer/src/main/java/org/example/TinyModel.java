package org.example;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.djl.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes a checkpoint of random weights that knows the characters of ASCII. */
final class TinyModel {

  private static final ObjectMapper JSON = new ObjectMapper();

  private TinyModel() {}

  static Path write(Path folder) throws IOException {
    ObjectNode vocabulary = JSON.createObjectNode().put("<end>", 0).put("\u0120", 1); // a space
    for (char c = '!'; c <= '~'; c++) {
      vocabulary.put(String.valueOf(c), vocabulary.size());
    }
    ObjectNode tokenizer = (ObjectNode) JSON.readTree(TOKENIZER);
    ((ObjectNode) tokenizer.path("model")).set("vocab", vocabulary);
    Path files = Files.createDirectories(folder.resolve("tokenizer"));
    Files.writeString(files.resolve("tokenizer.json"), tokenizer.toString());
    Files.writeString(
        files.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"eos_token\": \"<end>\"}");
    ObjectNode config = (ObjectNode) JSON.readTree(CONFIG);
    config.put("vocab_size", vocabulary.size());
    RandomCheckpoint.write(folder.resolve("model"), config, files, 1);
    return folder.resolve("model");
  }

  private static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": null, "padding": null, "normalizer": null, "post_processor": null,
       "added_tokens": [{"id": 0, "content": "<end>", "single_word": false, "lstrip": false, "rstrip": false,
                         "normalized": false, "special": true}],
       "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
       "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
       "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
                 "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "merges": []}}
      """;

  private static final String CONFIG =
      """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 16, "intermediate_size": 32,
       "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2, "hidden_act": "silu",
       "max_position_embeddings": 256, "rms_norm_eps": 1e-6, "initializer_range": 0.05, "rope_theta": 10000.0,
       "attention_bias": false, "mlp_bias": false, "tie_word_embeddings": true, "bos_token_id": null,
       "eos_token_id": 0, "pad_token_id": null, "torch_dtype": "float32"}
      """;
}
