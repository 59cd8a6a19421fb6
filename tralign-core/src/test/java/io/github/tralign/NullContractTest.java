package io.github.tralign;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.cache.CacheKey;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.DataReport;
import io.github.tralign.data.DataStatistics;
import io.github.tralign.data.Example;
import io.github.tralign.data.LengthHistogram;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceReader;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.data.StreamPosition;
import io.github.tralign.data.Tokenizer;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.data.form.FormSettings;
import io.github.tralign.data.form.Prompt;
import io.github.tralign.data.form.SourceReport;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.data.row.Message;
import io.github.tralign.data.row.RowFault;
import io.github.tralign.data.row.TextRow;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.generate.Conversation;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.Generator;
import io.github.tralign.generate.Sampling;
import io.github.tralign.generate.StateSession;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.DpoLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.OdpoLoss;
import io.github.tralign.loss.PairTerm;
import io.github.tralign.loss.PairwiseLoss;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.loss.ScoredExample;
import io.github.tralign.loss.ScoredPair;
import io.github.tralign.loss.SumLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.mlflow.MlflowSettings;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.NamePattern;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.optimizer.ParameterGroup;
import io.github.tralign.optimizer.ParameterGroups;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.reference.DistanceUpdate;
import io.github.tralign.tabular.TabularPolicy;
import io.github.tralign.train.BestEvaluation;
import io.github.tralign.train.SampleSettings;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainerBuilder;
import io.github.tralign.train.TrainingPlan;
import io.github.tralign.train.TrainingResult;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NullContractTest {

  /** What only the library itself makes. */
  private static final List<Class<?>> RESULTS =
      List.of(
          BestEvaluation.class,
          DataReport.class,
          DataReport.Drop.class,
          SourceReport.class,
          DataStatistics.class,
          LengthHistogram.class,
          RowFault.class,
          StreamPosition.class,
          TrainingPlan.class,
          TrainingResult.class);

  @TempDir Path folder;

  @Test
  void null_is_rejected_at_the_call_by_the_name_of_the_argument() throws Exception {
    Example pair = Example.pair(new int[] {0}, new int[] {1}, new int[] {2});
    PreferenceBatch batch = PreferenceBatch.of(pair);
    PreferenceData data = PreferenceData.of(pair);
    DpoLoss dpo = TR.dpo(0.1);
    ScoredCompletion completion = new ScoredCompletion(-1, -1, 1);
    ScoredExample example = new ScoredExample(ImmutableList.of(completion), Judgement.NONE);
    TabularPolicy policy = TabularPolicy.random(3, 1);
    Trainer trainer = Trainer.builder().policy(policy).data(data).loss(dpo).build();
    LengthHistogram lengths = new LengthHistogram(ImmutableSortedMap.of());
    FormSettings form = FormSettings.DEFAULT;
    Tokenizer tokenizer =
        (Tokenizer)
            Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Tokenizer.class}, (p, m, a) -> null);
    NullContract contract =
        new NullContract()
            .sample(ImmutableList.class, ImmutableList.of())
            .sample(ImmutableMap.class, ImmutableMap.of())
            .sample(ImmutableSet.class, ImmutableSet.of())
            .sample(ImmutableSortedMap.class, ImmutableSortedMap.of())
            .sample(ImmutableIntArray.class, ImmutableIntArray.of(1))
            .sample(ImmutableDoubleArray.class, ImmutableDoubleArray.of(-1))
            .sample(GenerationRequest.class, GenerationRequest.of(new int[] {1}, Sampling.greedy()))
            .sample(StateSession.class, TabularPolicy.random(3, 1).decode(10))
            .sample(Sampling.class, Sampling.greedy())
            .sample(Generator.class, new Generator(TabularPolicy.random(3, 1).decode(10)))
            .sample(Conversation.class, new Conversation(TabularPolicy.random(3, 1).decode(10)))
            .sample(InputStream.class, InputStream.nullInputStream())
            .sample(SampleSettings.class, SampleSettings.of(List.of(ImmutableIntArray.of(1))))
            .sample(Prompt.class, Prompt.text("a", "sample"))
            .sample(DataRecord.class, new DataRecord(JsonNodeFactory.instance.objectNode(), "a"))
            .sample(ObjectNode.class, JsonNodeFactory.instance.objectNode())
            .sample(CacheFolder.class, CacheFolder.at(folder.resolve("cache"), it -> {}))
            .sample(CacheKey.class, new CacheKey("sample"))
            .sample(Checkpoint.class, new Checkpoint(folder, 1))
            .sample(CheckpointStore.class, CheckpointStore.in(folder.resolve("store")))
            .sample(
                DataStatistics.class,
                new DataStatistics(lengths, lengths, lengths, lengths, 0, 0, 0, 0, 0, 0))
            .sample(LengthHistogram.class, lengths)
            .sample(Example.class, pair)
            .sample(Judgement.class, Judgement.NONE)
            .sample(Message.class, Message.of("user", "sample"))
            .sample(PreferenceBatch.class, batch)
            .sample(PreferenceData.class, data)
            .sample(DataReport.class, data.report())
            .sample(PreferenceReader.class, PreferenceData.read(tokenizer))
            .sample(PreferenceStream.class, PreferenceStream.of(List.of(pair)))
            .sample(StreamPosition.class, StreamPosition.START)
            .sample(TextRow.class, TextRow.pair("a", "b", "c"))
            .sample(URI.class, URI.create("http://localhost/"))
            .sample(MlflowSettings.class, MlflowSettings.of("http://localhost/"))
            .sample(DataFiles.class, DataFiles.of(List.of(Path.of("sample"))))
            .sample(FormSettings.class, form)
            .sample(AlignmentLoss.class, dpo)
            .sample(PairwiseLoss.class, dpo)
            .sample(OdpoLoss.class, TR.odpo(0.1))
            .sample(LossResult.class, new LossResult(1, new double[0][]))
            .sample(PairTerm.class, new PairTerm(1, 1, 1))
            .sample(ScoredBatch.class, ScoredBatch.of(ImmutableList.of(example)))
            .sample(ScoredCompletion.class, completion)
            .sample(ScoredExample.class, example)
            .sample(ScoredPair.class, ScoredPair.of(completion, completion))
            .sample(SumLoss.class, dpo.times(1))
            .sample(StepMetrics.class, StepMetrics.start())
            .sample(AdamW.class, AdamW.ofDefaults())
            .sample(NamePattern.class, NamePattern.of("a"))
            .sample(OptimizerStep.class, new OptimizerStep(1, 1, AdamW.ofDefaults()))
            .sample(ParameterGroup.class, ParameterGroup.of("a"))
            .sample(ParameterGroups.class, ParameterGroups.none())
            .sample(TokenLogProbs.class, new TokenLogProbs(batch, new double[2]))
            .sample(DistanceUpdate.class, TR.distance(1))
            .sample(ProcessGroup.class, ProcessGroup.single())
            .sample(Policy.class, policy)
            .sample(TabularPolicy.class, policy)
            .sample(TrainerBuilder.class, Trainer.builder())
            .sample(Trainer.class, trainer);
    List<Class<?>> types = PublicTypes.ofModuleOf(TR.class);
    types.removeAll(RESULTS);
    assertThat(contract.violations(types)).isEmpty();
  }
}
