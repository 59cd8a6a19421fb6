/**
 * Hugging Face checkpoints as policies, on DJL and PyTorch. Packages that are not exported are
 * internal.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // DJL has no descriptors
module io.github.tralign.djl {
  requires transitive ai.djl.api;
  requires transitive io.github.tralign.core;
  requires static transitive org.jspecify;
  requires ai.djl.pytorch_engine;
  requires ai.djl.tokenizers;
  requires java.net.http;
  requires org.slf4j;
  // for annotations of what Immutables writes
  requires static com.google.errorprone.annotations;
  requires static java.compiler;
  requires static org.immutables.value;

  exports io.github.tralign.djl;
  exports io.github.tralign.djl.chat;
  exports io.github.tralign.djl.distributed;
  exports io.github.tralign.djl.generate;
  exports io.github.tralign.djl.tokenizer;
  exports io.github.tralign.hub;

  opens io.github.tralign.djl.kernel to
      com.google.common; // which reads the kernels' resources
}
