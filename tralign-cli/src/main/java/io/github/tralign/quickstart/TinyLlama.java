package io.github.tralign.quickstart;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The shape of the quickstart's model.
 *
 * @param hiddenSize a multiple of {@code heads}
 * @param innerSize size of the feed-forward layers
 * @param layers number of layers
 * @param heads number of attention heads
 */
record TinyLlama(int hiddenSize, int innerSize, int layers, int heads) {

  static final int MAX_LENGTH = 256;

  /** The {@code config.json} of a Llama of this shape. */
  ObjectNode config(int vocabularySize) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putArray("architectures").add("LlamaForCausalLM");
    json.put("model_type", "llama");
    json.put("vocab_size", vocabularySize);
    json.put("hidden_size", hiddenSize);
    json.put("intermediate_size", innerSize);
    json.put("num_hidden_layers", layers);
    json.put("num_attention_heads", heads);
    json.put("num_key_value_heads", heads);
    json.put("hidden_act", "silu");
    json.put("max_position_embeddings", MAX_LENGTH);
    json.put("rms_norm_eps", 1e-6);
    json.put("initializer_range", 0.05);
    json.put("rope_theta", 10000.0);
    json.put("attention_bias", false);
    json.put("mlp_bias", false);
    json.put("tie_word_embeddings", true);
    json.putNull("bos_token_id");
    json.put("eos_token_id", 0);
    json.putNull("pad_token_id");
    json.put("torch_dtype", "float32");
    return json;
  }
}
