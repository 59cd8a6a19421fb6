package io.github.tralign.cli;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.data.form.RowReader;
import io.github.tralign.data.row.ChatRow;
import io.github.tralign.data.row.Message;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.TextRow;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.SaveDtype;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.generate.Completion;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Policy;
import io.github.tralign.sweep.SweepModels;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The model of the options, with an adapter or without, as a sweep uses it. */
final class SweptModel implements SweepModels {

  private final TrainedModelOptions model;
  private final CheckpointTokenizer tokenizer;
  private final Map<String, String> instructions = new HashMap<>(); // by origin

  /**
   * Reads what is asked in the rows.
   *
   * @param held files of held-out pairs, if they are not part of the data
   */
  SweptModel(
      TrainedModelOptions model, CheckpointTokenizer tokenizer, DataOptions data, List<Path> held) {
    this.model = model;
    this.tokenizer = tokenizer;
    read(held.isEmpty() ? data.files() : data.like(held));
  }

  private void read(DataFiles files) {
    try (RowReader rows = files.open(fault -> {})) {
      while (rows.hasNext()) {
        Row row = rows.next();
        instructions.put(row.origin(), instruction(row));
      }
    }
  }

  /** A single question without its role, a longer conversation with the roles. */
  private static String instruction(Row row) {
    if (row instanceof TextRow text) {
      return text.prompt();
    }
    List<Message> messages = ((ChatRow) row).prompt();
    return messages.size() == 1
        ? messages.get(0).content()
        : messages.stream()
            .map(it -> it.role() + ": " + it.content())
            .collect(Collectors.joining("\n\n"));
  }

  @Override
  public Policy policy() {
    return model.loading().load();
  }

  @Override
  public LanguageModel start() {
    return SampleOptions.initial(model).loadModel();
  }

  @Override
  public void save(Policy policy, Path folder) {
    ((DjlPolicy) policy).save(folder, SaveDtype.FP32);
  }

  @Override
  public LanguageModel saved(Path folder) {
    return model.trainsAdapter()
        ? model.loading(model.folder()).frozen(true).mergeAdapter(folder).loadModel()
        : model.loading(folder).frozen(true).loadModel();
  }

  @Override
  public String text(ImmutableIntArray prompt, Completion answer) {
    return SamplesFile.text(prompt, answer, tokenizer);
  }

  @Override
  public String instruction(Example example) {
    return instructions.getOrDefault(example.origin(), example.origin());
  }
}
