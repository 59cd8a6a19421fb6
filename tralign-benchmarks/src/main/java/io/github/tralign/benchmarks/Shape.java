package io.github.tralign.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Models to measure, with random weights. */
public enum Shape {
  /** A GPT-NeoX of two small layers, for a quick look. */
  TINY(64, 2, 4, 512),
  /** The shape of Pythia-70m: 70 million parameters, 51 million of them in embeddings and head. */
  PYTHIA_70M(512, 6, 8, 50304);

  /** Number of token ids. */
  public final int vocabularySize;

  private final int hiddenSize;
  private final int layers;
  private final int heads;

  Shape(int hiddenSize, int layers, int heads, int vocabularySize) {
    this.hiddenSize = hiddenSize;
    this.layers = layers;
    this.heads = heads;
    this.vocabularySize = vocabularySize;
  }

  /** Makes the model, on the CPU. */
  DjlPolicy load() throws IOException {
    Path folder = Files.createTempDirectory("tralign-benchmark");
    Path checkpoint = folder.resolve("model");
    RandomCheckpoint.write(checkpoint, config(), Files.createDirectory(folder.resolve("none")), 42);
    return DjlPolicy.load(checkpoint);
  }

  private ObjectNode config() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putArray("architectures").add("GPTNeoXForCausalLM");
    json.put("model_type", "gpt_neox");
    json.put("vocab_size", vocabularySize);
    json.put("hidden_size", hiddenSize);
    json.put("intermediate_size", 4 * hiddenSize);
    json.put("num_hidden_layers", layers);
    json.put("num_attention_heads", heads);
    json.put("hidden_act", "gelu");
    json.put("max_position_embeddings", 2048);
    json.put("layer_norm_eps", 1e-5);
    json.put("initializer_range", 0.02);
    json.put("rotary_pct", 0.25);
    json.put("rotary_emb_base", 10000);
    json.put("use_parallel_residual", true);
    json.put("attention_bias", true);
    json.put("tie_word_embeddings", false);
    return json;
  }
}
