package io.github.tralign.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.djl.generate.GeneratedText;
import io.github.tralign.djl.generate.TextListener;
import io.github.tralign.generate.GeneratedToken;
import io.github.tralign.generate.GenerationRequest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * The completions of a file's prompts, as far as they are there. Of several processes each
 * completes every N-th prompt; all get all rows, from time to time, and rank 0 writes them.
 */
final class CompletionRun {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ProcessGroup group;
  private final CompletionOutput output; // of rank 0
  private final Progress progress;
  private final int samples; // of each prompt
  private final boolean logps;
  private final BitSet there;
  private final List<ObjectNode> ended = new ArrayList<>(); // here, since the last exchange
  private final long start = System.nanoTime();
  private double work; // with the parts of completions under way, of their maximum length
  private long tokens;

  /**
   * Completions of which those are there that {@code output} has.
   *
   * @param prompts how many there are
   * @param samples of each prompt
   * @param logps whether rows have log-probabilities and token ids
   */
  CompletionRun(
      ProcessGroup group,
      CompletionOutput output,
      Progress progress,
      int prompts,
      int samples,
      boolean logps) {
    this.group = group;
    this.output = output;
    this.progress = progress;
    this.samples = samples;
    this.logps = logps;
    this.there = ofRank0(written(output, prompts, samples));
    this.work = there.cardinality();
  }

  private static BitSet written(CompletionOutput output, int prompts, int samples) {
    BitSet written = new BitSet();
    for (int i = 0; i < prompts * samples; i++) {
      written.set(i, output.has(i / samples, i % samples));
    }
    return written;
  }

  private BitSet ofRank0(BitSet mine) {
    String text = Base64.getEncoder().encodeToString(mine.toByteArray());
    return BitSet.valueOf(
        Base64.getDecoder().decode(group.gatherTexts(group.rank() == 0 ? text : "").get(0)));
  }

  /** How many completions are there. */
  int done() {
    return there.cardinality();
  }

  /** Whether this process has to complete a prompt, or samples of it. */
  boolean isDue(GenerationRequest request) {
    int first = (int) request.row() * samples;
    return request.row() % group.size() == group.rank()
        && there.nextClearBit(first) < first + samples;
  }

  /** Takes the completions of a prompt as they grow and end. */
  TextListener of(GenerationRequest request) {
    int index = (int) request.row();
    double share = 1.0 / request.sampling().maxNewTokens(); // of one token
    return new TextListener() {
      @Override
      public boolean token(int sample, GeneratedToken token, String text) {
        tokens++;
        work += share;
        show();
        return !there.get(index * samples + sample); // of a prompt interrupted between samples
      }

      @Override
      public void finished(int sample, GeneratedText text) {
        work -= text.completion().tokens().length() * share;
        if (!there.get(index * samples + sample)) {
          ended.add(row(index, sample, text));
        }
      }
    };
  }

  private ObjectNode row(int index, int sample, GeneratedText text) {
    ObjectNode row =
        JsonNodeFactory.instance
            .objectNode()
            .put("index", index)
            .put("sample", sample)
            .put("completion", text.text())
            .put("tokens", text.completion().tokens().length())
            .put("finish", text.finish());
    if (logps) {
      row.put("logp", text.completion().logProb());
      text.completion().tokens().forEach(row.withArray("token_ids")::add);
    }
    return row;
  }

  /** A step of this process's generator; whether there may be more. */
  interface Steps {
    boolean step();
  }

  /** Generates until all processes are done. */
  void complete(Steps generator) {
    int between = group.size() == 1 ? 1 : 16; // steps from one exchange to the next
    boolean more = true;
    do {
      for (int i = 0; i < between && more; i++) {
        more = generator.step();
      }
      exchange();
    } while (group.any(more));
  }

  private void exchange() {
    List<String> all = group.gatherTexts(write(ended));
    ended.clear();
    for (int rank = 0; rank < all.size(); rank++) {
      for (ObjectNode row : read(all.get(rank))) {
        there.set(row.path("index").asInt() * samples + row.path("sample").asInt());
        work++;
        if (group.rank() == 0) {
          tokens += rank == 0 ? 0 : row.path("tokens").asInt();
          output.add(row);
        }
        show();
      }
    }
  }

  private void show() {
    double seconds = Math.max(1e-9, (System.nanoTime() - start) / 1e9);
    progress.at(done(), work, String.format(Locale.ROOT, "%.0f tok/s", tokens / seconds));
  }

  private static String write(List<ObjectNode> rows) {
    try {
      return rows.isEmpty() ? "" : JSON.writeValueAsString(rows);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row has no form in JSON", e);
    }
  }

  private static ObjectNode[] read(String rows) {
    try {
      return rows.isEmpty() ? new ObjectNode[0] : JSON.readValue(rows, ObjectNode[].class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
