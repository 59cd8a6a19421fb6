package io.github.tralign.loss;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.Judgement;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The golden file of what TRL's trainers compute from given log-probabilities. */
final class TrlLosses {

  private static final JsonNode FILE = read();

  private TrlLosses() {}

  static Stream<JsonNode> cases() {
    return StreamSupport.stream(FILE.get("cases").spliterator(), false);
  }

  /** A batch by its name, of pairs or of labelled completions with their mismatched ones. */
  static ScoredBatch batch(String name) {
    JsonNode batch = FILE.get("batches").get(name);
    return batch.has("desirable") ? labelled(batch) : pairs(batch);
  }

  private static ScoredBatch pairs(JsonNode batch) {
    ImmutableList<ScoredCompletion> chosen = completions(batch, "_chosen", "chosen_tokens");
    ImmutableList<ScoredCompletion> rejected = completions(batch, "_rejected", "rejected_tokens");
    ImmutableList.Builder<ScoredExample> examples = ImmutableList.builder();
    for (int i = 0; i < chosen.size(); i++) {
      examples.add(Scored.example(ImmutableList.of(chosen.get(i), rejected.get(i))));
    }
    return ScoredBatch.of(examples.build());
  }

  private static ScoredBatch labelled(JsonNode batch) {
    ImmutableList<ScoredCompletion> completions = completions(batch, "", "tokens");
    ImmutableList.Builder<ScoredExample> examples = ImmutableList.builder();
    ImmutableList.Builder<ScoredCompletion> mismatched = ImmutableList.builder();
    for (int i = 0; i < completions.size(); i++) {
      Judgement judgement = Judgement.labelled(batch.get("desirable").get(i).asBoolean());
      examples.add(new ScoredExample(ImmutableList.of(completions.get(i)), judgement));
      mismatched.add(
          new ScoredCompletion(
              batch.get("mismatched_policy").get(i).asDouble(),
              batch.get("mismatched_reference").get(i).asDouble(),
              1));
    }
    return ScoredBatch.of(examples.build()).withMismatched(mismatched.build());
  }

  private static ImmutableList<ScoredCompletion> completions(
      JsonNode batch, String suffix, String tokens) {
    ImmutableList.Builder<ScoredCompletion> completions = ImmutableList.builder();
    for (int i = 0; i < batch.get(tokens).size(); i++) {
      completions.add(
          new ScoredCompletion(
              batch.get("policy" + suffix).get(i).asDouble(),
              batch.get("reference" + suffix).get(i).asDouble(),
              batch.get(tokens).get(i).asInt()));
    }
    return completions.build();
  }

  private static JsonNode read() {
    try (InputStream file = TrlLosses.class.getResourceAsStream("trl_losses.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
