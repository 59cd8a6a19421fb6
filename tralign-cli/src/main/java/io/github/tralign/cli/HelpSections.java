package io.github.tralign.cli;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Shows a command's options under a heading for each mixin.
 *
 * <p>Picocli's own argument groups would do this too, but reset when an option is given twice.
 */
final class HelpSections {

  private HelpSections() {}

  static void arrange(CommandLine line) {
    for (CommandLine command : line.getSubcommands().values()) {
      command
          .getHelpSectionMap()
          .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpSections::render);
    }
  }

  private static String render(Help help) {
    CommandSpec command = help.commandSpec();
    Set<String> shown = new HashSet<>();
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, CommandSpec> group : command.mixins().entrySet()) {
      List<OptionSpec> options = group.getValue().options();
      options.forEach(option -> shown.add(option.longestName()));
      text.append(String.format(Locale.ROOT, "%n%s:%n", group.getKey()))
          .append(list(help, options));
    }
    List<OptionSpec> others =
        command.options().stream().filter(it -> !shown.contains(it.longestName())).toList();
    return text.append(String.format(Locale.ROOT, "%n")).append(list(help, others)).toString();
  }

  private static String list(Help help, List<OptionSpec> options) {
    Layout layout = help.createDefaultLayout();
    layout.addOptions(options, help.parameterLabelRenderer());
    return layout.toString();
  }
}
