package io.github.tralign.sweep;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.generate.Completion;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Policy;
import java.nio.file.Path;

/** Where a sweep gets its models from; who asks for one closes it. */
public interface SweepModels {

  /** A policy at the start, to be trained. */
  Policy policy();

  /** The model that all runs start from; it is not trained. */
  LanguageModel start();

  /** Saves a trained policy of {@link #policy} in a folder. */
  void save(Policy policy, Path folder);

  /** The model that was saved in a folder; it is not trained. */
  LanguageModel saved(Path folder);

  /** The text of an answer. */
  String text(ImmutableIntArray prompt, Completion answer);

  /** What is asked in the prompt of an example, for people and judges. */
  String instruction(Example example);
}
