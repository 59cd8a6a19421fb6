package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --resume}, the lock, and Ctrl-C. */
class ResumeCommandTest {

  @TempDir private Path folder;

  private Path run() {
    return folder.resolve("run");
  }

  private Object[] train(Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "train",
                "--policy",
                Cli.NEOX,
                "--data",
                Cli.ROWS,
                "--output",
                run(),
                "--threads",
                1,
                "--batch-size",
                4,
                "--learning-rate",
                "1e-4",
                "--reference",
                "soft:0.6"));
    args.addAll(List.of(more));
    return args.toArray();
  }

  private Object[] hard(Object... more) {
    List<Object> args = new ArrayList<>(List.of(train(more)));
    args.set(args.indexOf("soft:0.6"), "hard:2");
    return args.toArray();
  }

  private Cli.Outcome resume(Object... more) {
    List<Object> args = new ArrayList<>(List.of("train", "--resume", "--output", run()));
    args.addAll(List.of(more));
    return Cli.run(args.toArray());
  }

  /** As if the process had been killed when the run was about to end. */
  private void trainTo(int steps) throws IOException {
    Cli.Outcome outcome = Cli.run(train("--max-steps", steps, "--checkpoint-every", 2));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    Files.delete(run().resolve("summary.json"));
  }

  @Test
  void a_run_resumes_with_its_own_options() throws IOException {
    trainTo(5);
    String metrics = Files.readString(run().resolve("metrics.jsonl"));
    byte[] config = Files.readAllBytes(run().resolve("config.yaml"));
    byte[] model = Files.readAllBytes(run().resolve("model/model.safetensors"));
    Path leftover = AtomicFile.sibling(run().resolve("model"), "tmp");
    Files.createDirectory(leftover); // of a process killed while it saved
    Cli.Outcome outcome = resume();
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("resuming from " + run().resolve("checkpoints/step-000004"));
    assertThat(run().resolve("metrics.jsonl"))
        .content()
        .hasLineCount(5)
        .startsWith(metrics.substring(0, metrics.lastIndexOf("{\"step\":5")));
    assertThat(run().resolve("model/model.safetensors")).hasBinaryContent(model);
    assertThat(run().resolve("config.yaml")).hasBinaryContent(config);
    assertThat(leftover).doesNotExist();
    assertThat(run().resolve("summary.json")).content().contains("\"pairs\" : 20");
  }

  @Test
  void what_is_given_on_resuming_holds_for_the_next_time_too() throws IOException {
    trainTo(4);
    List<String> before = Files.readAllLines(run().resolve("config.yaml"));
    String[] given = {
      "--on-nan", "skip", "--checkpoint-every", "3", "--keep-last", "2", "--tensorboard"
    };
    assertThat(resume((Object[]) given).code()).isZero();
    List<String> after = Files.readAllLines(run().resolve("config.yaml"));
    assertThat(after)
        .contains("on-nan: skip", "checkpoint-every: 3", "keep-last: 2", "tensorboard: true")
        .containsAll(before.stream().filter(it -> it.startsWith("  started: ")).toList())
        .hasSameSizeAs(before);
    Files.delete(run().resolve("summary.json"));
    Cli.Outcome again = resume();
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.out()).containsPattern("on-nan +skip").containsPattern("keep-last +2");
    assertThat(run().resolve("config.yaml")).hasContent(String.join("\n", after));
  }

  /** A file of settings that could not be gone on with would be in the way of the next attempt. */
  @Test
  void what_is_refused_on_resuming_is_not_written() throws IOException {
    trainTo(4);
    byte[] config = Files.readAllBytes(run().resolve("config.yaml"));
    refused(resume("--seed", 7, "--on-nan", "skip"), "seed was 42 and is 7");
    refused(resume("--probe-pairs", 3, "--resume-anyway"), "probe was");
    assertThat(run().resolve("config.yaml")).hasBinaryContent(config);
  }

  @Test
  void what_differs_from_the_run_is_named_and_nothing_is_touched() throws IOException {
    trainTo(4);
    String metrics = Files.readString(run().resolve("metrics.jsonl"));
    refused(resume("--seed", 7), "seed was 42 and is 7");
    refused(resume("--beta", 0.3), "loss was", "0.3");
    refused(resume("--threads", 2), "threads was 1 and is 2");
    refused(resume("--limit", 30), "data was 40 rows");
    Path other = Cli.copy(Cli.NEOX, folder.resolve("other"));
    Files.writeString(other.resolve("config.json"), " ", StandardOpenOption.APPEND);
    refused(resume("--policy", other), "files of the model was");
    refused(resume("--keep-last", 0), "--keep-last");
    refused(resume("--checkpoint-every", -1), "--checkpoint-every");
    assertThat(run().resolve("metrics.jsonl")).hasContent(metrics);
    assertThat(resume("--learning-rate", "1e-3", "--resume-anyway").code()).isZero();
    assertThat(run().resolve("config.yaml")).content().contains("learning-rate: 0.001");
  }

  private static void refused(Cli.Outcome outcome, String... because) {
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(because);
  }

  @Test
  void only_a_run_that_is_there_and_not_complete_resumes() throws IOException {
    refused(resume(), "--resume: " + run() + " holds no run");
    assertThat(run()).doesNotExist();
    trainTo(2);
    Files.writeString(run().resolve("summary.json"), "{}");
    refused(resume(), "the run in " + run() + " is complete; a greater --epochs");
    Cli.Outcome again = Cli.run(train());
    refused(again, run() + " holds a complete run and stays as it is; choose a new or empty");
    assertThat(again.err()).doesNotContain("--resume");
    Files.delete(run().resolve("summary.json"));
    refused(Cli.run(train()), run() + " holds an earlier run", "or resume the run with --resume");
    refused(Cli.run(train("--resume-anyway")), "--output");
  }

  @Test
  void a_complete_run_is_said_to_be_extensible_only_where_it_is() {
    Object[] hard = hard("--max-steps", 3, "--checkpoint-every", 3);
    assertThat(Cli.run(hard).code()).isZero();
    refused(
        resume(),
        "a greater --epochs or --max-steps extends it only if all rows of the new steps were scored"
            + " under its hard:2 reference already",
        "otherwise start a new run with its model/ as --policy");
    refused(resume("--max-steps", 4), "the run cannot be resumed with more steps");
  }

  @Test
  void a_run_with_a_hard_reference_can_be_extended_from_a_copy() {
    Object[] hard = hard("--max-steps", 4, "--checkpoint-every", 4);
    assertThat(Cli.run(hard).code()).isZero();
    refused(resume(), "is complete; a greater --epochs or --max-steps extends it\n");
    assertThat(resume("--max-steps", 5).code()).isZero();
  }

  @Test
  void a_run_whose_learning_rates_depend_on_its_length_cannot_be_extended() {
    Object[] linear = train("--max-steps", 2, "--checkpoint-every", 2, "--schedule", "linear");
    assertThat(Cli.run(linear).code()).isZero();
    refused(resume(), "cannot be extended, since the learning rates of its steps depend on");
    refused(resume("--max-steps", 3), "steps was 2 and is 3");
  }

  @Test
  void a_complete_run_without_a_checkpoint_is_reported_what_to_do_instead() {
    assertThat(Cli.run(train("--epochs", 0.5, "--checkpoint-every", 0)).code()).isZero();
    refused(resume(), "is complete and has no checkpoint to resume from; start a new run");
    refused(resume("--epochs", 2), "is complete and has no checkpoint to resume from; start a new");
  }

  @Test
  void a_run_of_epochs_can_be_extended_to_a_number_of_steps_and_back() {
    assertThat(Cli.run(train("--epochs", 0.5, "--checkpoint-every", 1)).code()).isZero();
    Cli.Outcome outcome = resume("--max-steps", 7);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(run().resolve("config.yaml"))
        .content()
        .contains("max-steps: 7")
        .doesNotContain("epochs:");
    refused(resume(), "is complete; a greater --epochs");
    outcome = resume("--epochs", 1);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(run().resolve("summary.json")).content().contains("\"steps\" : 10");
  }

  @Test
  void a_complete_run_can_be_extended_to_more_epochs_as_if_it_had_been_meant_to()
      throws IOException {
    Object[] half = train("--epochs", 0.5, "--checkpoint-every", 5);
    assertThat(Cli.run(half).code()).isZero();
    assertThat(run().resolve("metrics.jsonl")).content().hasLineCount(5);
    refused(resume("--epochs", 0.5), "is complete; a greater --epochs");
    refused(resume("--epochs", 0.25), "steps was 5 and is 3");
    Cli.Outcome outcome = resume("--epochs", 1);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    byte[] model = Files.readAllBytes(run().resolve("model/model.safetensors"));
    assertThat(run().resolve("summary.json")).content().contains("\"steps\" : 10");
    assertThat(run().resolve("config.yaml")).content().contains("epochs: 1.0");
    MoreFiles.deleteRecursively(run(), RecursiveDeleteOption.ALLOW_INSECURE);
    assertThat(Cli.run(train("--epochs", 1)).code()).isZero();
    assertThat(run().resolve("model/model.safetensors")).hasBinaryContent(model);
  }

  /** The summary is what makes a run complete, so it is written when all else is there. */
  @Test
  void a_run_has_its_report_before_it_is_complete() throws IOException {
    trainTo(2);
    Files.delete(run().resolve("report.html"));
    Files.createDirectory(run().resolve("report.html"));
    Cli.Outcome outcome = resume();
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("report.html: cannot be written");
    assertThat(run().resolve("summary.json")).doesNotExist();
    Files.delete(run().resolve("report.html"));
    assertThat(resume().code()).isZero();
    assertThat(run().resolve("report.html")).content().contains("peak_memory_bytes");
  }

  @Test
  void a_checkpoint_that_cannot_be_read_changes_nothing() throws IOException {
    trainTo(4);
    Path weights = run().resolve("checkpoints/step-000004/manifest.json");
    byte[] manifest = Files.readAllBytes(weights);
    Files.delete(weights);
    Files.createDirectory(weights);
    Cli.Outcome outcome = resume();
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("step-000004: cannot be read", "nothing was changed");
    Files.delete(weights);
    Files.write(weights, manifest);
    assertThat(resume().code()).isZero();
  }

  @Test
  void a_damaged_checkpoint_is_reported_and_the_one_before_taken() throws IOException {
    Cli.Outcome first = Cli.run(train("--max-steps", 4, "--checkpoint-every", 2, "--keep-last", 2));
    assertThat(first.code()).as(first.err()).isZero();
    Files.delete(run().resolve("summary.json"));
    Path newest = run().resolve("checkpoints/step-000004");
    Files.writeString(newest.resolve("policy/weights.safetensors"), "damaged");
    Cli.Outcome outcome = resume();
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err())
        .contains("warning: " + newest + " is damaged and skipped: policy/weights.safetensors")
        .contains("resuming from " + run().resolve("checkpoints/step-000002"));
    assertThat(newest.resolveSibling("step-000004.damaged/policy/weights.safetensors"))
        .hasContent("damaged");
    Files.delete(run().resolve("summary.json"));
    for (Path checkpoint : checkpoints()) {
      Files.delete(checkpoint.resolve("manifest.json"));
    }
    refused(
        resume(), "manifest.json is missing", "--resume: no checkpoint", "is whole; put one back");
  }

  @Test
  void a_run_whose_checkpoints_are_gone_does_not_start_again_unasked() throws IOException {
    trainTo(4);
    Path checkpoints = run().resolve("checkpoints");
    MoreFiles.deleteRecursively(checkpoints, RecursiveDeleteOption.ALLOW_INSECURE);
    Path metrics = run().resolve("metrics.jsonl");
    List<String> lines = Files.readAllLines(metrics);
    refused(
        resume("--checkpoint-every", 100),
        "--resume: " + checkpoints + " has no checkpoint, though 4 steps were done with",
        "--checkpoint-every 2; put one back, or start a new run");
    assertThat(metrics).content().hasLineCount(4);

    Files.write(metrics, lines.subList(0, 2)); // killed before its first checkpoint was written
    Cli.Outcome again = resume("--resume-anyway");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.err()).contains("there is no checkpoint yet: starting again from step 0");
  }

  /** The best evaluation on such rows is the first. */
  @Test
  void the_best_weights_are_those_of_before_and_missed_where_they_are_damaged() throws IOException {
    Path heldOut = EvalDataTest.contradicting(folder.resolve("held-out.jsonl"), 40);
    String[] options =
        ("--eval-every 1 --keep-best --best-metric eval_rewards/margins --checkpoint-every 3"
                + " --max-steps 5 --eval-data "
                + heldOut)
            .split(" ");
    Cli.Outcome first = Cli.run(train((Object[]) options));
    assertThat(first.code()).as(first.err()).isZero();
    byte[] best = Files.readAllBytes(run().resolve("best/model.safetensors"));
    String summary = best(run());
    assertThat(summary).contains("\"step\" : 1,");
    assertThat(checkpoints()).hasSize(2);
    Files.delete(run().resolve("summary.json"));
    MoreFiles.deleteRecursively(run().resolve("best"), RecursiveDeleteOption.ALLOW_INSECURE);

    Cli.Outcome outcome = resume();
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("resuming from " + run().resolve("checkpoints/step-000003"));
    assertThat(best(run())).isEqualTo(summary);
    assertThat(run().resolve("best/model.safetensors")).hasBinaryContent(best);

    Files.delete(run().resolve("summary.json"));
    MoreFiles.deleteRecursively(run().resolve("best"), RecursiveDeleteOption.ALLOW_INSECURE);
    Path weights = run().resolve("checkpoints/step-000001/policy/weights.safetensors");
    Files.writeString(weights, "damaged");
    Cli.Outcome damaged = resume();
    assertThat(damaged.code()).as(damaged.err()).isZero();
    assertThat(damaged.err())
        .contains("warning: " + run().resolve("best") + " is not written: ")
        .contains("step-000001: is damaged: policy/weights.safetensors");
    assertThat(run().resolve("best")).doesNotExist();
    assertThat(run().resolve("model")).isDirectory();
  }

  private static String best(Path run) throws IOException {
    String summary = Files.readString(run.resolve("summary.json"));
    return summary.substring(summary.indexOf("\"best\""), summary.indexOf("\"last\""));
  }

  private List<Path> checkpoints() throws IOException {
    try (Stream<Path> entries = Files.list(run().resolve("checkpoints"))) {
      return entries.toList();
    }
  }

  @Test
  void two_processes_cannot_train_into_one_folder() throws Exception {
    Process first = Cli.start(folder, train("--max-steps", 100_000));
    try {
      await(first, run().resolve("metrics.jsonl"));
      refused(resume(), run() + " is in use by another process");
    } finally {
      first.destroyForcibly().waitFor();
    }
    assertThat(resume("--max-steps", 2).code()).isZero(); // the lock is gone with the process
  }

  /** SIGTERM does what Ctrl-C does; Java can send it. */
  @Test
  void a_request_to_terminate_ends_the_run_with_a_checkpoint() throws Exception {
    Process process = Cli.start(folder, train("--max-steps", 100_000));
    await(process, run().resolve("metrics.jsonl"));
    process.destroy();
    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(folder.resolve("stderr"))
        .content()
        .contains("stopped after step", "./tralign train --resume --output " + run());
    assertThat(checkpoints()).hasSize(1);
    long lines = Files.lines(run().resolve("metrics.jsonl")).count();
    assertThat(checkpoints().get(0)).hasFileName(String.format(Locale.ROOT, "step-%06d", lines));
    assertThat(run().resolve("model")).doesNotExist();
    assertThat(run().resolve("report.html")).content().contains("can be resumed");
  }

  private void await(Process process, Path file) throws Exception {
    for (int i = 0; i < 12_000 && !(Files.exists(file) && Files.size(file) > 0); i++) {
      assertThat(process.isAlive()).as(Files.readString(folder.resolve("stderr"))).isTrue();
      process.waitFor(10, TimeUnit.MILLISECONDS);
    }
    assertThat(file).isNotEmptyFile();
  }
}
