package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.CaseFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Each command on the pages is one that the command line, or Maven, would take. */
class PageCommandsTest {

  private static final List<String> ELSEWHERE = List.of("spark-train", "example");

  private static final Set<String> CLASSES = classes();
  private static final String OF_SPARK = ofSpark();

  private final CommandLine line = line();
  private final List<String> faults = new ArrayList<>();
  private int checked;

  @Test
  void every_command_of_a_block_is_valid() {
    for (Path page : Pages.all()) {
      for (Pages.Block block : Pages.blocks(page)) {
        PageCommands.in(block).forEach(this::check);
      }
    }
    assertThat(faults).isEmpty();
    assertThat(checked).isGreaterThan(50);
  }

  /** What may be left out is in brackets; older changes may name options that are gone. */
  @Test
  void every_command_within_a_text_is_valid() {
    for (Path page : Pages.all()) {
      for (String code : Pages.inlineCode(page)) {
        boolean isHistory = page.endsWith("CHANGELOG.md");
        if (!isHistory && (code.startsWith("./tralign ") || code.startsWith("./mvnw "))) {
          String whole = code.replaceAll("[\\[\\]]", "");
          check(new PageCommands.Command(page.toString(), PageCommands.words(whole)));
        }
      }
    }
    assertThat(faults).isEmpty();
    assertThat(checked).isGreaterThan(20);
  }

  /** What is neither ours nor Maven's is not run here, so its page says why it can be trusted. */
  @Test
  void a_block_of_other_commands_says_why_it_is_not_checked() {
    for (Path page : Pages.all()) {
      for (Pages.Block block : Pages.blocks(page)) {
        if (block.language().equals("sh") && PageCommands.in(block).isEmpty()) {
          assertThat(block.note()).as(block.place(0)).matches("(not checked: |checked by ).+");
        }
      }
    }
  }

  @Test
  void a_command_with_a_mistake_is_found() {
    check(new PageCommands.Command("a page", PageCommands.words("./tralign train --polcy a")));
    check(new PageCommands.Command("a page", PageCommands.words("./tralign trian --policy a")));
    check(new PageCommands.Command("a page", PageCommands.words("./tralign sft --epochs many")));
    check(new PageCommands.Command("a page", PageCommands.words("./mvnw -pl tralign-no test")));
    check(new PageCommands.Command("a page", PageCommands.words("./mvnw test -Dtest=NoTest")));
    check(new PageCommands.Command("a page", PageCommands.words("./tralign example no-example")));
    assertThat(faults).hasSize(6);
  }

  private void check(PageCommands.Command command) {
    checked++;
    List<String> words =
        command.words().stream()
            .filter(it -> !it.equals("…"))
            .map(it -> it.replace("…", ""))
            .map(it -> it.equals("COMMAND") ? "train" : it)
            .map(it -> it.matches("[A-Z]+") ? "1" : it) // a placeholder, such as DIR or N
            .toList();
    String program = words.get(0);
    List<String> arguments = words.subList(1, words.size());
    try {
      if (program.equals("./mvnw")) {
        requireOfMaven(arguments);
      } else if (!arguments.isEmpty() && ELSEWHERE.contains(arguments.get(0))) {
        requireOfLauncher(arguments);
      } else {
        parse(arguments);
      }
    } catch (ParameterException | IllegalArgumentException e) {
      faults.add(
          command.place() + ": " + String.join(" ", command.words()) + ": " + e.getMessage());
    }
  }

  /** As the real parser does it, but for files and models that are not here. */
  private void parse(List<String> arguments) {
    for (var result = line.parseArgs(arguments.toArray(new String[0]));
        result != null;
        result = result.subcommand()) {
      for (Exception error : result.errors()) {
        if (!String.valueOf(error.getMessage()).contains("nor in the cache")) {
          throw new IllegalArgumentException(error.getMessage());
        }
      }
      if (!result.unmatched().isEmpty()) {
        throw new IllegalArgumentException("unknown: " + result.unmatched());
      }
    }
  }

  private static CommandLine line() {
    Console console = new Console(nothing(), nothing());
    CommandLine line = Main.line(console, new Failures(console));
    collectErrors(line);
    return line;
  }

  private static void collectErrors(CommandLine line) {
    line.getCommandSpec().parser().collectErrors(true);
    line.getSubcommands().values().forEach(PageCommandsTest::collectErrors);
  }

  private static Printer nothing() {
    return Printer.on(new ByteArrayOutputStream());
  }

  /** The launcher starts these with classes of other modules. */
  private void requireOfLauncher(List<String> arguments) {
    if (arguments.get(0).equals("example")) {
      if (arguments.size() > 1) {
        requireClass(CaseFormat.LOWER_HYPHEN.to(CaseFormat.UPPER_CAMEL, arguments.get(1)));
      }
      return;
    }
    int end = arguments.indexOf("--");
    for (String own : arguments.subList(1, end < 0 ? arguments.size() : end)) {
      if (own.startsWith("--") && !OF_SPARK.contains('"' + own.replaceFirst("=.*", "") + '"')) {
        throw new IllegalArgumentException("spark-train has no " + own);
      }
    }
    if (end >= 0) {
      parse(arguments.subList(end + 1, arguments.size()));
    }
  }

  private static void requireOfMaven(List<String> arguments) {
    int at = arguments.indexOf("-pl");
    for (String module : at < 0 ? new String[0] : arguments.get(at + 1).split(",")) {
      if (!Files.exists(Pages.ROOT.resolve(module).resolve("pom.xml"))) {
        throw new IllegalArgumentException("there is no module " + module);
      }
    }
    for (String argument : arguments) {
      if (argument.startsWith("-Dtest=")) {
        for (String name : argument.substring("-Dtest=".length()).split(",")) {
          requireClass(name);
        }
      }
    }
  }

  private static void requireClass(String name) {
    if (!CLASSES.contains(name + ".java")) {
      throw new IllegalArgumentException("there is no class " + name);
    }
  }

  /** The names of all source files. */
  private static Set<String> classes() {
    Set<String> names = new HashSet<>();
    for (Path sources : sources()) {
      try (Stream<Path> files = Files.walk(sources)) {
        files.forEach(it -> names.add(it.getFileName().toString()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return names;
  }

  private static List<Path> sources() {
    try (Stream<Path> modules = Files.list(Pages.ROOT)) {
      return modules.map(it -> it.resolve("src")).filter(Files::isDirectory).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String ofSpark() {
    Path spark = Pages.ROOT.resolve("tralign-spark/src/main/java/io/github/tralign/spark");
    try (Stream<Path> files = Files.list(spark)) {
      return files.map(it -> String.join("\n", Pages.lines(it))).collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
