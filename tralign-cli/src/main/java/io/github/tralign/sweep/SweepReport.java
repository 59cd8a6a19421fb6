package io.github.tralign.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.InvalidInputException;
import io.github.tralign.figure.CsvCells;
import io.github.tralign.figure.CsvFile;
import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A page with tables, figures and answers, from the files of a sweep alone. */
public final class SweepReport {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 6; // prompts
  private static final List<String> OF_MODELS =
      List.of("kl", "reward", "win", "length", "ended", "words", "pair_accuracy", "pair_margin");

  private final SweepFolder folder;
  private final SweepOutcome outcome;

  private SweepReport(SweepFolder folder, SweepOutcome outcome) {
    this.folder = folder;
    this.outcome = outcome;
  }

  /**
   * Reads the runs of a folder.
   *
   * @throws InvalidInputException if a file cannot be read, or there is no run
   */
  public static SweepReport of(SweepFolder folder) {
    SweepOutcome outcome = SweepOutcome.read(folder.runs());
    if (outcome.ends().isEmpty()) {
      throw new InvalidInputException(folder.runs() + ": has no run yet");
    }
    return new SweepReport(folder, outcome);
  }

  /** The tables in Markdown. */
  public String tables() {
    return warning() + new SweepTables(outcome).markdown() + models();
  }

  private String warning() {
    return outcome.seeds().size() > 1
        ? "Seeds "
            + String.join(", ", outcome.seeds().stream().map(String::valueOf).toList())
            + ".\n\n"
        : "**One seed: no result.** How much of a difference is chance is not known.\n\n";
  }

  /**
   * Writes {@code report.md}, {@code equal-kl.csv} and the figures {@code quality-over-kl}, {@code
   * quality-over-beta} and {@code kl-over-beta-lag} as SVG and PNG.
   *
   * @throws IOException if a file cannot be read or written
   */
  public void write() throws IOException {
    SweepFigures figures = new SweepFigures(outcome);
    Path path = folder.path();
    figures.qualityOverDivergence().write(path, "quality-over-kl");
    figures.qualityOverBeta().write(path, "quality-over-beta");
    figures.divergenceOverPull().write(path, "kl-over-beta-lag");
    AtomicFile.writeString(
        path.resolve("equal-kl.csv"), new SweepTables(outcome).equalDivergence().toString());
    AtomicFile.writeString(path.resolve("report.md"), page());
  }

  private String page() throws IOException {
    return "# Quality over divergence on a language model\n\n"
        + "The reward is that of a judge, a policy trained by DPO from the same start on other"
        + " pairs: β(log π_J − log π_start) of an answer, minus that of the start's answer to the"
        + " same prompt. It is no better than its own accuracy on held-out pairs, and a policy that"
        + " is trained on pairs of the same kind may please it for the wrong reasons. KL is"
        + " estimated on answers drawn at temperature 1.\n\n"
        + tables()
        + picture("quality-over-kl", "Quality over the root of KL; from left to right β falls")
        + picture("quality-over-beta", "Quality at equal β")
        + picture("kl-over-beta-lag", "KL over β · mean lag; length and ended answers")
        + answers();
  }

  private static String picture(String name, String title) {
    return "![" + title + "](" + name + ".png)\n\n";
  }

  /** Start and judge of each seed. */
  private String models() {
    List<CsvCells> rows = new CsvFile(folder.seeds(), SeedModels.COLUMNS).read();
    StringBuilder text = new StringBuilder("### Start and judge\n\n| seed | policy | ");
    text.append(String.join(" | ", OF_MODELS)).append(" |\n|");
    text.append(" --- |".repeat(OF_MODELS.size() + 2)).append('\n');
    for (CsvCells row : rows) {
      text.append("| ").append(row.cell("seed")).append(" | ").append(row.cell("policy"));
      for (String column : OF_MODELS) {
        text.append(" | ");
        if (!row.cell(column).isEmpty()) {
          text.append(String.format(Locale.ROOT, "%.3f", row.number(column)));
        }
      }
      text.append(" |\n");
    }
    return text.append('\n').toString();
  }

  /** Answers of the first seed to the same prompts: the start's, and those of each rule. */
  private String answers() throws IOException {
    long seed = outcome.seeds().iterator().next();
    Map<String, List<JsonNode>> answers = new LinkedHashMap<>();
    answers.put("start", read(seed + "-" + SweepFolder.START + ".jsonl"));
    for (SweepRow run : shown(seed)) {
      answers.put(
          String.format(
              Locale.ROOT,
              "%s, β %s, KL %.1f",
              run.rule(),
              SweepTables.number(run.beta()),
              run.kl()),
          read(SweepRun.fileName(seed, run.rule(), run.beta())));
    }
    StringBuilder text = new StringBuilder("### Answers\n\n");
    text.append("Seed ").append(seed);
    text.append(": of each rule the run whose KL is closest to that of the middle β of ");
    text.append(compared(outcome.ofSeed(seed))).append(". The first prompts, not chosen.\n\n");
    int prompts = Math.min(SHOWN, answers.values().iterator().next().size());
    for (int i = 0; i < prompts; i++) {
      int row = i;
      JsonNode first = answers.values().iterator().next().get(i);
      text.append("**").append(shown(first.path("instruction").asText())).append("**\n\n");
      answers.forEach(
          (name, rows) ->
              text.append("- ")
                  .append(name)
                  .append(": ")
                  .append(shown(rows.get(row).path("output").asText()))
                  .append('\n'));
      text.append('\n');
    }
    return text.toString();
  }

  /** In one line, with nothing that Markdown would read or a terminal would obey. */
  private static String shown(String text) {
    return text.strip()
        .replaceAll("\\s+", " ")
        .replaceAll("[\\p{Cc}\\p{Cf}]", "\uFFFD")
        .replaceAll("([\\\\`*_<\\[\\]])", "\\\\$1");
  }

  /** For each rule the run that is about as far from the start as the others. */
  private List<SweepRow> shown(long seed) {
    List<SweepRow> own = outcome.ofSeed(seed);
    String compared = compared(own);
    List<SweepRow> byBeta =
        own.stream()
            .filter(it -> it.rule().equals(compared))
            .sorted(Comparator.comparingDouble(SweepRow::beta))
            .toList();
    double middle = byBeta.get(byBeta.size() / 2).kl();
    List<SweepRow> shown = new ArrayList<>();
    for (String rule : outcome.rules()) {
      own.stream()
          .filter(it -> it.rule().equals(rule))
          .min(Comparator.comparingDouble(it -> Math.abs(it.kl() - middle)))
          .ifPresent(shown::add);
    }
    return shown;
  }

  /** The fixed reference, if it is there. */
  private static String compared(List<SweepRow> own) {
    return own.stream().anyMatch(it -> it.rule().equals(SweepOutcome.FIXED))
        ? SweepOutcome.FIXED
        : own.get(0).rule();
  }

  private List<JsonNode> read(String name) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(folder.answers().resolve(name))) {
      rows.add(JSON.readTree(line));
    }
    return rows;
  }
}
