package io.github.tralign;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.github.luben.zstd.Zstd;
import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.internal.InternalFutures;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class UserProgramTest {

  /** One of each jar that a user of tralign-core has. */
  private static final List<Class<?>> PUBLISHED =
      List.of(
          TR.class,
          ImmutableList.class,
          InternalFutures.class,
          CanIgnoreReturnValue.class,
          JsonNode.class,
          JsonFactory.class,
          JsonProperty.class,
          CsvFactory.class,
          Zstd.class,
          Logger.class,
          Nullable.class);

  @TempDir Path folder;

  @Test
  void a_user_may_make_every_warning_an_error() throws IOException {
    new UserProgram(folder, PUBLISHED).compileWith(PublicTypes.ofModuleOf(TR.class));
  }

  /** As in an image that jlink made: neither jdk.random nor what else the JDK has. */
  @Test
  void a_module_trains_resumes_and_generates_with_no_module_that_it_does_not_require()
      throws Exception {
    UserProgram program = new UserProgram(folder.resolve("classes"), PUBLISHED);
    program.compileModule(
        "module user { requires io.github.tralign.core; }",
        """
        package user;

        import io.github.tralign.TR;
        import io.github.tralign.checkpoint.Checkpoint;
        import io.github.tralign.checkpoint.CheckpointStore;
        import io.github.tralign.data.Example;
        import io.github.tralign.generate.GenerationRequest;
        import io.github.tralign.generate.Sampling;
        import io.github.tralign.optimizer.AdamW;
        import io.github.tralign.policy.Policy;
        import io.github.tralign.tabular.TabularPolicy;
        import io.github.tralign.train.Trainer;
        import io.github.tralign.train.TrainerBuilder;
        import java.nio.file.Path;
        import java.util.List;

        final class Main {
          private Main() {}

          public static void main(String[] args) {
            CheckpointStore store = CheckpointStore.in(Path.of(args[0]));
            run(2, Trainer.builder().checkpoints(store).checkpointEvery(2));
            Checkpoint newest = store.newest(System.out::println).orElseThrow();
            run(4, Trainer.builder().resume(newest).resumeAnyway(true));
          }

          private static void run(long steps, TrainerBuilder settings) {
            Example pair = Example.pair(new int[] {0}, new int[] {1}, new int[] {2});
            try (Policy policy = TabularPolicy.random(3, 7)) {
              settings
                  .policy(policy)
                  .data(List.of(pair, pair))
                  .batchSize(1)
                  .maxSteps(steps)
                  .loss(TR.dpo(0.1))
                  .reference(TR.soft(0.5))
                  .optimizer(AdamW.ofDefaults().weightDecay(0.1));
              System.out.println("step " + settings.build().train().last().step());
              Sampling five = Sampling.ofModel().maxNewTokens(5);
              GenerationRequest request = GenerationRequest.of(new int[] {0}, five);
              System.out.println(policy.generate(List.of(request)).get(0).get(0).finish());
            }
          }
        }
        """);
    assertThat(program.run(folder.resolve("run").toString()))
        .contains("step 2", "step 4", "LENGTH");
  }
}
