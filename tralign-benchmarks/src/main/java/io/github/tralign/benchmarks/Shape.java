package io.github.tralign.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.RandomCheckpoint;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The shapes of the measured models, whose weights are random. */
public enum Shape {
  /** A GPT-NeoX with two small layers, for a quick check. */
  TINY("gpt_neox", 64, 256, 2, 4, 4, 512, false),
  /** A Llama with two small layers and three query heads per key-value head. */
  TINY_LLAMA("llama", 48, 96, 2, 6, 2, 512, true),
  /** The shape of Pythia-70m: 70 million parameters, 51 million of them in embeddings and head. */
  PYTHIA_70M("gpt_neox", 512, 2048, 6, 8, 8, 50304, false),
  /** The shape of SmolLM2-135M: 135 million parameters, 28 million of them in the tied table. */
  SMOLLM2_135M("llama", 576, 1536, 30, 9, 3, 49152, true);

  /** Number of token ids. */
  public final int vocabularySize;

  /** Size of a token's hidden state. */
  public final int hiddenSize;

  /** Size of the hidden state inside an MLP. */
  public final int innerSize;

  /** Query heads of a layer. */
  public final int heads;

  /** Key and value heads of a layer. */
  public final int keyValueHeads;

  private final String model;
  private final int layers;
  private final boolean tied;

  Shape(
      String model,
      int hiddenSize,
      int innerSize,
      int layers,
      int heads,
      int keyValueHeads,
      int vocabularySize,
      boolean tied) {
    this.model = model;
    this.hiddenSize = hiddenSize;
    this.innerSize = innerSize;
    this.layers = layers;
    this.heads = heads;
    this.keyValueHeads = keyValueHeads;
    this.vocabularySize = vocabularySize;
    this.tied = tied;
  }

  /** Loads a random model of this shape on the CPU. */
  DjlPolicy load() throws IOException {
    return DjlPolicy.load(write(Files.createTempDirectory("tralign-benchmark")));
  }

  /** Writes a random model of this shape into an empty folder; gives the checkpoint's folder. */
  Path write(Path folder) throws IOException {
    Path checkpoint = folder.resolve("model");
    RandomCheckpoint.write(checkpoint, config(), Files.createDirectory(folder.resolve("none")), 42);
    return checkpoint;
  }

  /** All of the model's parameters. */
  ImmutableList<Parameter> parameters() {
    return Architecture.of(ConfigJson.of(Path.of("config.json"), config())).parameters();
  }

  /** Size of a head. */
  int headSize() {
    return hiddenSize / heads;
  }

  private ObjectNode config() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("model_type", model);
    json.put("vocab_size", vocabularySize);
    json.put("hidden_size", hiddenSize);
    json.put("intermediate_size", innerSize);
    json.put("num_hidden_layers", layers);
    json.put("num_attention_heads", heads);
    json.put("num_key_value_heads", keyValueHeads);
    json.put("max_position_embeddings", 2048);
    json.put("tie_word_embeddings", tied);
    return json;
  }
}
