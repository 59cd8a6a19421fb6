package io.github.tralign.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingsTest {

  @TempDir private Path folder;

  @Test
  void a_sound_run_with_a_fixed_reference_needs_no_words() throws IOException {
    assertThat(
            findings(
                "fixed",
                step ->
                    "\"initial/rewards/chosen\":0.1,\"initial/rewards/rejected\":-0.2,"
                        + "\"initial/logratios\":-0.05,\"initial/rewards/accuracies\":0.8,"
                        + "\"rewards/accuracies\":0.8,\"diagnostics/clip_factor\":1"))
        .isEmpty();
  }

  @Test
  void falling_chosen_completions_are_reported_with_what_it_means_and_what_to_do()
      throws IOException {
    List<Finding> findings =
        findings(
            "fixed",
            step ->
                "\"initial/rewards/chosen\":"
                    + -step
                    + ",\"initial/rewards/rejected\":"
                    + -2 * step);
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).warning()).isTrue();
    assertThat(findings.get(0).title()).contains("less likely", "-19.5"); // mean of the last two
    assertThat(findings.get(0).text()).contains("both fall", "--sft-weight");
  }

  @Test
  void a_little_less_likely_is_not_worth_a_warning() throws IOException {
    // Less than a factor of e (β = 0.1), and less than half of the margin.
    assertThat(fallen("beta: 0.1\n", -0.09, -0.1)).isEmpty();
    assertThat(fallen("beta: 0.1\n", -0.2, -0.7)).isEmpty();
    assertThat(fallen("beta: 0.1\n", -0.2, -0.5)).hasSize(1);
    assertThat(fallen("beta: 0.1\n", -0.2, 0.1)).hasSize(1);
    assertThat(fallen("beta: auto\n", -0.2, -0.5)).isEmpty(); // in which unit is not known
  }

  private List<Finding> fallen(String config, double chosen, double rejected) throws IOException {
    Path run =
        WrittenRun.write(
            folder,
            "reference: fixed\n" + config,
            20,
            step ->
                "\"initial/rewards/chosen\":"
                    + chosen
                    + ",\"initial/rewards/rejected\":"
                    + rejected);
    return Findings.of(RunFiles.of(run), OptionalDouble.empty());
  }

  @Test
  void single_skipped_steps_and_short_runs_are_no_warning() throws IOException {
    RunFiles skipped =
        RunFiles.of(
            WrittenRun.write(folder, "loss: dpo\n", 200, step -> "\"num_skipped_steps\":1"));
    assertThat(Findings.of(skipped, OptionalDouble.empty()))
        .singleElement()
        .satisfies(it -> assertThat(it.warning()).isFalse());
    RunFiles brief =
        RunFiles.of(
            WrittenRun.write(folder, "loss: dpo\n", 9, step -> "\"initial/rewards/accuracies\":0"));
    assertThat(Findings.of(brief, OptionalDouble.empty())).isEmpty();
  }

  @Test
  void without_a_reference_there_is_no_word_about_one() throws IOException {
    Path run = WrittenRun.write(folder, "loss: simpo\n", 20, step -> "\"loss\":0.6");
    assertThat(Findings.of(RunFiles.of(run), OptionalDouble.empty())).isEmpty();
  }

  @Test
  void warnings_come_first() throws IOException {
    assertThat(findings("soft:0.5", step -> "\"initial/logratios\":3"))
        .extracting(Finding::warning)
        .containsExactly(true, false);
  }

  @Test
  void a_policy_that_went_far_is_reported_in_either_direction() throws IOException {
    for (int sign : new int[] {1, -1}) {
      assertThat(findings("fixed", step -> "\"initial/logratios\":" + sign * 0.06 * step))
          .singleElement()
          .satisfies(it -> assertThat(it.title()).contains("far from its start"));
    }
  }

  @Test
  void chance_saturation_and_clipping_are_reported() throws IOException {
    assertThat(findings("fixed", step -> "\"initial/rewards/accuracies\":0.5"))
        .extracting(Finding::title)
        .containsExactly("50 % accuracy against the initial policy");
    assertThat(findings("fixed", step -> "\"rewards/accuracies\":1"))
        .extracting(Finding::title)
        .containsExactly("100.0 % accuracy on the training batches");
    assertThat(findings("fixed", step -> "\"diagnostics/clip_factor\":0.0625"))
        .extracting(Finding::title)
        .containsExactly("Gradients were clipped, to 0.063 of their norm at the end");
  }

  @Test
  void skipped_steps_and_an_early_end_are_reported() throws IOException {
    assertThat(findings("fixed", step -> "\"num_skipped_steps\":" + step / 7))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.warning()).isTrue();
              assertThat(it.title()).isEqualTo("2 of 20 steps were skipped");
            });
    assertThat(findings("fixed", step -> "\"num_skipped_steps\":0")).isEmpty();
    Files.writeString(folder.resolve("summary.json"), "{\"early_stop\": \"no better one\"}");
    assertThat(findings("fixed", step -> "\"loss\":0.6"))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.title()).isEqualTo("The run ended early, after step 20");
              assertThat(it.text()).contains("no better one");
            });
  }

  @Test
  void margins_against_a_moving_reference_are_explained() throws IOException {
    assertThat(findings("soft:0.6", step -> "\"loss\":0.69"))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.warning()).isFalse();
              assertThat(it.title()).contains("always stay near 0");
              assertThat(it.text())
                  .contains("initial policy")
                  .doesNotContain("behind", "mean lag"); // which the run has not recorded
            });
    assertThat(findings("hard:8", step -> "\"loss\":0.69"))
        .singleElement()
        .satisfies(it -> assertThat(it.title()).contains("start over at each update"));
  }

  @Test
  void what_beta_means_with_a_moving_reference_is_explained() throws IOException {
    assertThat(withLag("soft:0.6", 0.1, 0.6667))
        .contains("on average 0.667 steps behind", "lag of the reference in steps is 0.0667")
        .contains("hardly any influence");
    assertThat(withLag("hard:32", 0.1, 15.5))
        .contains("lag of the reference in steps is 1.55")
        .doesNotContain("influence");
  }

  private String withLag(String rule, double beta, double lag) throws IOException {
    String config =
        String.format(
            Locale.ROOT,
            "loss: dpo\nbeta: %s\nreference: %s\nprovenance:\n  reference-lag: %s\n",
            beta,
            rule,
            lag);
    Path run = WrittenRun.write(folder, config, 20, step -> "\"loss\":0.69");
    List<Finding> findings = Findings.of(RunFiles.of(run), OptionalDouble.empty());
    assertThat(findings).hasSize(1);
    return findings.get(0).text();
  }

  @Test
  void lengths_that_tell_chosen_from_rejected_are_reported() throws IOException {
    RunFiles run = run("fixed", step -> "\"loss\":0.6");
    assertThat(Findings.of(run, OptionalDouble.of(1.5)))
        .extracting(Finding::title)
        .containsExactly("Chosen completions are 1.50 times as long as rejected ones");
    assertThat(Findings.of(run, OptionalDouble.of(0.5)).get(0).text()).contains("shorter");
    assertThat(Findings.of(run, OptionalDouble.of(1.4))).isEmpty();
    for (String settings : List.of("loss: simpo\n", "ld-alpha: 0.5\n")) {
      Path means = WrittenRun.write(folder, settings, 20, step -> "\"loss\":0.6");
      assertThat(Findings.of(RunFiles.of(means), OptionalDouble.of(2))).isEmpty();
    }
    assertThat(new Lengths(WrittenRun.pairs(6).statistics()).chosenOverRejected()).hasValue(1.5);
  }

  private List<Finding> findings(String reference, LongFunction<String> values) throws IOException {
    return Findings.of(run(reference, values), OptionalDouble.empty());
  }

  private RunFiles run(String reference, LongFunction<String> values) throws IOException {
    return RunFiles.of(WrittenRun.write(folder, "reference: " + reference + "\n", 20, values));
  }
}
