package io.github.tralign.cli;

import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The page with all options, made of what the commands say of themselves. */
final class OptionsPage {

  private static final String INTRODUCTION =
      """
      # Options

      All options of `./tralign`, with the commands that have them. This page is made from the commands' own help, which
      `./tralign COMMAND --help` shows too; a test compares both. What the help does not explain is in
      [the command line](command-line.md). Those of `spark-train` are on [the page of Spark](spark.md#options).

      """;

  /** What a row of a table says, without the commands that it is for. */
  private record Row(String option, String meaning) {}

  /** By section: the rows, each with its commands. */
  private final Map<String, SetMultimap<Row, String>> sections = new LinkedHashMap<>();

  private final StringBuilder commands = new StringBuilder();

  private OptionsPage() {}

  static String text() {
    Console console =
        new Console(
            Printer.on(new ByteArrayOutputStream()), Printer.on(new ByteArrayOutputStream()));
    OptionsPage page = new OptionsPage();
    CommandLine line = Main.line(console, new Failures(console));
    page.add(line.getSubcommands().values(), "");
    StringBuilder text = new StringBuilder(INTRODUCTION);
    text.append(
        "## Commands\n\n| command | what it does | groups of options |\n| --- | --- | --- |\n");
    text.append(page.commands);
    page.sections.forEach((name, rows) -> text.append(section(name, rows)));
    return text.toString();
  }

  private void add(Iterable<CommandLine> lines, String parent) {
    for (CommandLine line : lines) {
      CommandSpec command = line.getCommandSpec();
      String name = parent + command.name();
      Map<String, List<OptionSpec>> groups = groups(command, name);
      groups.forEach((section, options) -> options.forEach(it -> row(section, it, name)));
      String links =
          groups.keySet().stream().map(OptionsPage::link).collect(Collectors.joining(", "));
      String parameters =
          command.positionalParameters().stream()
              .map(PositionalParamSpec::paramLabel)
              .collect(Collectors.joining(" ", " ", ""))
              .stripTrailing();
      commands
          .append("| `" + name + parameters + "` | ")
          .append(markdown(command.usageMessage().description()))
          .append(" | " + links + " |\n");
      add(line.getSubcommands().values(), name + " ");
    }
  }

  /** The options of a command by the headings of its help; those without one under its name. */
  private static Map<String, List<OptionSpec>> groups(CommandSpec command, String name) {
    Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
    List<OptionSpec> others = new ArrayList<>(command.options());
    command
        .mixins()
        .forEach(
            (section, mixin) -> {
              groups.put(section, mixin.options());
              Set<String> shown =
                  mixin.options().stream().map(OptionSpec::longestName).collect(Collectors.toSet());
              others.removeIf(it -> shown.contains(it.longestName()));
            });
    others.removeIf(it -> it.inherited());
    if (!others.isEmpty()) {
      groups.put("Only in " + name, others);
    }
    return groups;
  }

  private void row(String section, OptionSpec option, String command) {
    if (!option.hidden()) {
      Row row = new Row(names(option), markdown(option.description()));
      sections.computeIfAbsent(section, it -> LinkedHashMultimap.create()).put(row, command);
    }
  }

  private static String names(OptionSpec option) {
    String label = option.paramLabel();
    boolean isFlag = option.arity().max() == 0;
    String value = isFlag ? "" : option.arity().min() == 0 ? "[=" + label + "]" : " " + label;
    return code(String.join(", ", option.names()) + value);
  }

  private static String section(String name, SetMultimap<Row, String> rows) {
    StringBuilder text = new StringBuilder("\n## " + name + "\n\n");
    text.append("| option | meaning | of |\n| --- | --- | --- |\n");
    rows.asMap()
        .forEach(
            (row, commands) ->
                text.append("| " + row.option() + " | " + row.meaning() + " | ")
                    .append(
                        commands.stream().map(OptionsPage::code).collect(Collectors.joining(", ")))
                    .append(" |\n"));
    return text.toString();
  }

  private static String code(String text) {
    return text.contains("|") // which ends the cell of a table, also in backticks
        ? "<code>" + text.replace("|", "&#124;") + "</code>"
        : "`" + text + "`";
  }

  private static String link(String section) {
    return "["
        + section
        + "](#"
        + section.toLowerCase(Locale.ROOT).replace(",", "").replace(' ', '-')
        + ")";
  }

  /** Escapes what Markdown would read, and marks options and pages. */
  private static String markdown(String... lines) {
    return String.format(Locale.ROOT, String.join(" ", lines))
        .replaceAll("\\s+", " ")
        .replaceAll("([\\\\*_<\\[\\]|])", "\\\\$1")
        .replaceAll("(?<![\\w-])(--[a-z][a-z0-9-]*)", "`$1`")
        .replaceAll("docs/([a-z-]+\\.md)", "[$1]($1)");
  }
}
