package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadOptionTest {

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --bta 0.1                       | unknown option --bta; did you mean --beta?
          --loss dop                      | --loss: unknown loss 'dop'; did you mean dpo?
          --loss ipomean                  | did you mean ipo-mean?
          --loss nonsense                 | known: dpo, robust, hinge, ipo, ipo-mean
          --beta -0.1                     | --beta: beta must be a number > 0, not -0.1
          --beta NaN                      | --beta: beta must be a number > 0, not NaN
          --beta much                     | --beta: 'much' is not a number
          --beta                          | --beta: needs a value, B
          --beta 0.1 --beta 0.2           | --beta: is given twice
          --beta 0.1 --beta-lag 0.1       | --beta-lag: cannot be used with --beta; leave one of them out
          --beta-lag 0                    | --beta-lag: beta must be a number > 0, not 0.0
          --loss slic --beta-lag 1        | --beta-lag: has no effect with --loss slic; leave one of them out
          --loss simpo --beta-lag 1       | --beta-lag: has no effect, since the loss simpo has no reference; give --beta
          --beta-lag 1 --reference distance:0.1 | --beta-lag: the mean lag of the reference distance:0.1 is not known before the run
          --beta-lag 1 --reference soft:0.6:warmup=9 | soft:0.6:warmup=9 is not known before the run, so beta cannot be scaled by it; give --beta
          --beta-lag 1 --reference hard:1 | --reference: the reference hard:1 is the policy in every step
          --label-smoothing 0.5           | --label-smoothing: label smoothing must lie in [0, 0.5)
          --loss ipo --label-smoothing 0  | --label-smoothing: has no effect with --loss ipo
          --loss slic --beta 1            | --beta: has no effect with --loss slic; docs/losses.md lists the losses that have it
          --gamma 0.5                     | --gamma: has no effect with --loss dpo; it is a setting of simpo, alphapo
          --loss simpo --gamma -1         | --gamma: gamma must be a number >= 0, not -1.0
          --loss slic --margin 0          | --margin: margin must be a number > 0, not 0.0
          --loss cpo --sft-weight -1      | --sft-weight: sft weight must be a number >= 0, not -1.0
          --loss kto --desirable-weight 0 | --desirable-weight: desirable weight must be a number > 0
          --loss discopop --temperature 2 | --temperature: temperature must lie in (0, 1.0], not be 2.0
          --loss beta-dpo --kept 0        | --kept: kept share of pairs must lie in (0, 1.0], not be 0.0
          --loss odpo --offset lg         | --offset: unknown offset 'lg'; did you mean log?
          --loss kto-pair --detached no   | --detached: 'no' is neither true nor false
          --loss odpo                     | the loss odpo needs the margin between the rewards
          --loss sppo                     | the loss sppo needs the probability that the chosen
          --sft-weight 0                  | --sft-weight: the weight of the loss sft must be a number > 0
          --loss cpo --wpo                | --wpo: the loss cpo cannot be weighted by WPO
          --loss kto --wpo                | --wpo: modifies losses that are a mean over pairs, which --loss kto is not
          --loss aot --divergence js      | --divergence: modifies losses that are a mean over pairs
          --loss bco --reference-free     | --reference-free: modifies losses that are a mean over pairs
          --wpo=clampt                    | --wpo: unknown kind of weights 'clampt'; did you mean clamped?
          --wpo --ld-alpha 0.5            | --ld-alpha: the loss dpo[wpo] cannot be made length-desensitized
          --loss ipo-mean --ld-alpha 0.5  | --ld-alpha: the loss ipo-mean cannot be made length-desensitized
          --loss kto --ld-alpha 0.5       | --ld-alpha: the loss kto cannot be made length-desensitized: it does not use pairs
          --ld-alpha 1.5                  | --ld-alpha: ld alpha must lie in [0, 1.0], not be 1.5
          --ld-alpha 0.5 --sft-weight 1   | --sft-weight: the losses dpo[ld] + sft cannot be added
          --loss simpo --divergence js    | --divergence: the loss simpo cannot be combined with the divergence js
          --divergence jss                | --divergence: unknown divergence 'jss'; did you mean js?
          --divergence alpha:x            | --divergence: 'alpha:x': alpha, 'x', is not a number
          --divergence alpha:NaN          | --divergence: 'alpha:NaN': alpha must be a finite number
          --divergence js:1               | unknown divergence 'js:1'; expected reverse-kl, forward-kl, js or alpha:A
          --loss simpo --reference soft:1 | --reference: soft:1.0 has no effect, since the loss simpo has no reference
          --reference-free --reference hard:2 | has no effect, since the loss dpo[reference-free] has
          --reference sfot:0.6            | --reference: unknown reference 'sfot:0.6'; did you mean soft?
          --reference soft                | expected fixed, soft:A, hard:T (steps, or epochs
          --reference soft:0              | alpha, the policy's weight in an update, must lie in (0, 1]
          --reference soft:1.1            | must lie in (0, 1], not be 1.1
          --reference soft:NaN            | must lie in (0, 1], not be NaN
          --reference hard:0              | must be at least 1, not 0
          --reference hard:0.5            | tau, '0.5', is not a whole number
          --reference mixed:0.6           | mixed:A:T or distance:D
          --reference distance:0          | --reference: 'distance:0': the distance above which
          --reference soft:0.6:wramup=9   | is no setting of soft; did you mean warmup?
          --reference hard:1epoch:from=0  | from, the first step that may move the reference, must be
          --batch-size 0                  | --batch-size: the batch size must be >= 1
          --batch-size 1.5                | --batch-size: '1.5' is not a whole number
          --micro-batch-tokens 0          | --micro-batch-tokens: must be at least 1, not 0
          --learning-rate -1              | --learning-rate: the learning rate must be >= 0
          --learning-rate Infinity        | --learning-rate: the learning rate must be >= 0
          --schedule cosin                | --schedule: unknown schedule 'cosin'; did you mean cosine?
          --warmup-steps -1               | --warmup-steps: the number of warm-up steps
          --warmup-ratio 1.1              | --warmup-ratio: the share of warm-up steps must be in [0, 1], not 1.1
          --warmup-ratio 0.1 --warmup-steps 5 | --warmup-ratio: cannot be used with --warmup-steps
          --min-learning-rate 1e-7        | --min-learning-rate: has no effect with --schedule constant
          --min-learning-rate 1e-3 --schedule cosine | --min-learning-rate: must lie between 0 and the learning rate
          --epochs 0                      | --epochs: the number of epochs must be > 0 and at most 1,000,000, not 0.0
          --epochs 1e300                  | --epochs: the number of epochs must be > 0 and at most 1,000,000, not 1.0E300
          --max-steps 0                   | --max-steps: the number of steps must be >= 1
          --max-steps 5 --epochs 2        | --epochs: cannot be used with --max-steps
          --max-grad-norm 0               | --max-grad-norm: the maximal gradient norm must be > 0
          --weight-decay -1               | --weight-decay: weight decay must lie in
          --adam-beta1 1                  | --adam-beta1: beta1 must lie in [0, 1)
          --adam-beta2 -0.1               | --adam-beta2: beta2 must lie in [0, 1)
          --adam-epsilon 0                | --adam-epsilon: epsilon must lie in
          --shuffle perhaps               | --shuffle: 'perhaps' is neither true nor false
          --stream                        | --stream: needs --max-steps, since the number of rows
          --stream --epochs 2             | --stream: cannot be used with --epochs, since the number of rows is not known; give --max-steps
          --stream --max-steps 5 --epochs 2 | --stream: cannot be used with --epochs
          --stream --max-steps 5 --cache c | --stream: cannot be used with --cache
          --stream --max-steps 5 --reference hard:1epoch | --stream: cannot be used with --reference hard:1.0epoch
          --stream --max-steps 5 --reference hard:2epoch:warmup=3:from=2 | count steps, as in hard:512
          --stream --max-steps 5 --shuffle-window -1 | --shuffle-window: the window to shuffle in must be >= 0
          --stream --max-steps 5 --shuffle false --shuffle-window 5 | --shuffle-window: has no effect with --shuffle false
          --max-steps 5 --shuffle-window 5 | --shuffle-window: has no effect without --stream
          --probe-pairs 0                 | --probe-pairs: must be at least 1, not 0
          --on-nan sikp                   | --on-nan: unknown answer to what is not finite 'sikp'; did you mean skip?
          --keep-best                     | --keep-best: needs --eval-data and --eval-every
          --early-stop 3                  | --early-stop: needs --eval-data and --eval-every
          --eval-every -1                 | --eval-every: the number of steps between evaluations must be >= 0, not -1
          --checkpoint-every -1           | --checkpoint-every: the number of steps between checkpoints must be >= 0, not -1
          --keep-last 0                   | --keep-last: the number of checkpoints to keep must be >= 1, not 0
          --early-stop -1                 | --early-stop: the number of evaluations without a better one must be >= 0
          --best-metric eval_loss         | --best-metric: has no effect without --eval-data
          --best-metric eval_rewards/acuracies | did you mean eval_rewards/accuracies? known: eval_loss,
          --best-metric eval_logratios/initial | unknown metric to be the best by 'eval_logratios/initial'
          --probe-every -1                | --probe-every: the number of steps between probes
          --max-length 1                  | --max-length: the maximal length must be at least 2
          --max-length 100000             | --max-length: 100000 is more than the model takes, 512
          --max-prompt-length 0           | --max-prompt-length: the maximal length of a prompt
          --max-completion-length 0       | --max-completion-length: the maximal length of a completion
          --limit 0                       | --limit: the limit must be at least 1 example
          --threads 0                     | --threads: must be at least 1, not 0
          --device tpu                    | device 'tpu' is unknown; expected cpu, cuda or cuda:N
          --config nowhere.yaml           | --config: nowhere.yaml: there is no such file
          surplus                         | unexpected argument 'surplus'
          """)
  void an_option_that_cannot_be_is_refused_by_name(String options, String message) {
    Path output = folder.resolve("run");
    List<Object> args =
        new ArrayList<>(
            List.of("train", "--policy", Cli.NEOX, "--data", Cli.ROWS, "--output", output));
    args.addAll(List.of(options.split(" +")));
    assertRefused(Cli.run(args.toArray()), message);
    assertThat(output).doesNotExist();
  }

  @Test
  void all_missing_options_are_reported_at_once() {
    assertRefused(Cli.run("train"), "missing: --policy DIR, --data FILE, --output DIR");
    assertRefused(Cli.run("train", "--resume"), "missing: --output DIR");
    assertRefused(Cli.run("logps", "--output", "-"), "missing: --policy DIR, --data FILE");
  }

  @Test
  void an_unknown_command_is_reported_with_the_nearest_one() {
    assertRefused(Cli.run("trian"), "unknown command 'trian'; did you mean train?");
  }

  @Test
  void an_output_that_is_a_file_is_refused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    assertRefused(train(file), "--output: " + file + " is a file; choose a new or empty folder");
    assertRefused(train(file.resolve("run")), "--output: ");
    assertThat(file).hasContent("mine");
  }

  /**
   * Nobody can make a folder there, root included; where there is no such place, hardly anybody.
   */
  @Test
  void an_output_that_cannot_be_made_is_refused_before_anything_is_read() {
    Path output = Path.of("/proc/tralign/run");
    assertRefused(train(output), "--output: " + output + " cannot be created: ");
    assertRefused(
        Cli.run("toy", "--output", output), "--output: " + output + " cannot be created: ");
    assertRefused(Cli.run("quickstart", "--output", output), output + ": cannot be created; ");
  }

  @Test
  void an_output_that_can_be_made_is_not_there_before_it_is_used() {
    Path output = folder.resolve("some/run");
    assertRefused(
        Cli.run("train", "--policy", Cli.NEOX, "--data", "no.jsonl", "--output", output),
        "no.jsonl");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void an_output_that_is_not_empty_is_refused_and_stays_as_it_is() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    assertRefused(train(folder), "--output: " + folder + " is not empty and stays as it is");
    Files.writeString(folder.resolve("config.yaml"), "loss: dpo");
    assertRefused(train(folder), "--output: " + folder + " holds an earlier run");
    assertThat(file).hasContent("mine");
    assertThat(folder).isDirectoryNotContaining(it -> it.endsWith("metrics.jsonl"));
  }

  @Test
  void scores_are_not_written_over_the_data_nor_into_a_folder() throws IOException {
    Path data = Files.copy(Cli.ROWS, folder.resolve("rows.jsonl"));
    assertRefused(logps(data, data), "--output: " + data + " is read as --data");
    assertRefused(logps(data, folder), "--output: " + folder + " cannot be written: a folder");
    assertRefused(
        logps(data, folder.resolve("no/scores")), "its folder does not exist or is not writable");
    assertThat(data).hasSameBinaryContentAs(Cli.ROWS);
  }

  @Test
  void a_stack_trace_is_shown_only_where_it_is_asked_for() {
    assertThat(Cli.run("train", "--beta", "x", "--stacktrace").err()).contains("\tat ");
  }

  static void assertRefused(Cli.Outcome outcome, String message) {
    assertThat(outcome.err()).contains(message);
    assertThat(outcome.err().lines())
        .as(outcome.err())
        .filteredOn(it -> it.startsWith("tralign: "))
        .hasSize(1);
    assertThat(outcome.err()).doesNotContain("Exception", "\tat ", "Usage");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
  }

  private static Cli.Outcome train(Path output) {
    return Cli.run("train", "--policy", Cli.NEOX, "--data", Cli.ROWS, "--output", output);
  }

  private static Cli.Outcome logps(Path data, Path output) {
    return Cli.run("logps", "--policy", Cli.NEOX, "--data", data, "--output", output);
  }
}
