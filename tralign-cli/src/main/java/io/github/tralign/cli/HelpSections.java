package io.github.tralign.cli;

import java.text.BreakIterator;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Shows a command's options under a heading for each mixin.
 *
 * <p>Picocli's own argument groups would do this too, but reset when an option is given twice.
 */
final class HelpSections {

  private static final String GLUE = "\uFEFF"; // the only one without a width that Java knows

  private HelpSections() {}

  static void arrange(CommandLine line) {
    for (CommandLine command : line.getSubcommands().values()) {
      Map<String, IHelpSectionRenderer> sections = command.getHelpSectionMap();
      sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpSections::render);
      sections.put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpSections::footer);
      arrange(command);
    }
  }

  private static String footer(Help help) {
    UsageMessageSpec usage = help.commandSpec().usageMessage();
    usage.footer(glued(usage.footer()));
    return help.footer().replace(GLUE, "");
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
    layout.addOptions(
        options.stream().map(HelpSections::unbroken).toList(), help.parameterLabelRenderer());
    return layout.toString().replace(GLUE, "");
  }

  /** The same option, whose description is wrapped at blanks only, not within {@code soft:0.6}. */
  private static OptionSpec unbroken(OptionSpec option) {
    return OptionSpec.builder(option).description(glued(option.description())).build();
  }

  private static String[] glued(String... texts) {
    return Arrays.stream(texts).map(HelpSections::joined).toArray(String[]::new);
  }

  private static String joined(String text) {
    BreakIterator breaks = BreakIterator.getLineInstance(Locale.ROOT);
    breaks.setText(text);
    StringBuilder glued = new StringBuilder(text);
    for (int at = breaks.last(); at > 0; at = breaks.previous()) {
      boolean placeholder = text.lastIndexOf("${", at) > text.lastIndexOf('}', at - 1);
      if (at < text.length() && text.charAt(at - 1) != ' ' && !placeholder) {
        glued.insert(at, GLUE);
      }
    }
    return glued.toString();
  }
}
