package io.github.tralign.djl.generate;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.djl.tokenizer.TextStream;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.GeneratedToken;
import io.github.tralign.generate.GenerationListener;
import io.github.tralign.generate.GenerationRequest;
import java.util.List;
import java.util.stream.Stream;

/** Turns the tokens of a request into text, and ends a sample at the first stop string. */
public final class TextGeneration implements GenerationListener {

  private final GenerationRequest request;
  private final TextListener listener;
  private final ImmutableList<CompletionText> texts; // by sample

  /**
   * Listens to a request.
   *
   * @param stops texts that end a completion, none of them empty
   */
  public TextGeneration(
      GenerationRequest request,
      CheckpointTokenizer tokenizer,
      List<String> stops,
      TextListener listener) {
    this.request = requireNonNull(request, "request");
    this.listener = requireNonNull(listener, "listener");
    requireNonNull(tokenizer, "tokenizer");
    requireNonNull(stops, "stops");
    this.texts =
        Stream.generate(
                () -> new CompletionText(TextStream.after(request.prompt(), tokenizer), stops))
            .limit(request.samples())
            .collect(ImmutableList.toImmutableList());
  }

  @Override
  public boolean token(int sample, GeneratedToken token) {
    CompletionText text = texts.get(sample);
    boolean end = request.sampling().endTokens().contains(token.id());
    String part = end ? text.end() : text.add(token.id());
    return listener.token(sample, token, part) && !text.stopped();
  }

  @Override
  public void finished(int sample, Completion completion) {
    requireNonNull(completion, "completion");
    CompletionText text = texts.get(sample);
    String rest = text.end();
    listener.finished(sample, new GeneratedText(text.text(), rest, completion, text.stopped()));
  }

  @Override
  public void failed(RuntimeException reason) {
    listener.failed(reason);
  }
}
