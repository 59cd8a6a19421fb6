package io.github.tralign.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The options that {@code --config FILE.yaml} holds: their words as keys. They are put in front of
 * those of the command line, except for options that are given there too.
 */
final class ConfigFile {

  private static final String OPTION = "--config";

  /** The origin of a run in its config.yaml; ignored, so that the file can be reused. */
  static final String PROVENANCE = "provenance";

  /** Options that make no sense in a file. */
  private static final Set<String> NOT_HERE =
      Set.of(OPTION, "--help", "--stacktrace", CheckpointOptions.RESUME, "--resume-anyway");

  /** Pairs of options that replace each other. */
  private static final Map<String, String> IN_PLACE_OF =
      Map.of(
          "--beta", "--beta-lag",
          "--beta-lag", "--beta",
          "--max-steps", "--epochs",
          "--epochs", "--max-steps",
          "--warmup-ratio", "--warmup-steps",
          "--warmup-steps", "--warmup-ratio",
          "--processes", "--rank");

  private record Entry(List<String> values, String origin) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>(); // by option, such as --beta

  private ConfigFile() {}

  static ConfigFile none() {
    return new ConfigFile();
  }

  /**
   * Reads the file that the arguments name, if they do. For a run that is resumed it is the run's
   * own, unless another is named.
   *
   * @throws InvalidInputException if it cannot be read, or a key is no option of the command
   */
  static ConfigFile namedIn(String[] args, CommandLine line) {
    int place = commandIn(args, line);
    CommandLine command = place < 0 ? null : line.getSubcommands().get(args[place]);
    if (command == null || command.getCommandSpec().findOption(OPTION) == null) {
      return none();
    }
    ConfigFile config = none();
    List<String> files = values(OPTION, args, place);
    for (String file : files) {
      if (!file.isEmpty()) { // else the command refuses it
        config.read(Path.of(file), command.getCommandSpec());
      }
    }
    if (files.isEmpty() && Arrays.asList(args).contains(CheckpointOptions.RESUME)) {
      for (String folder : values(RunFolder.OPTION, args, place)) {
        Path own = Path.of(folder, RunFolder.CONFIG);
        if (Files.isRegularFile(own)) { // else the command reports that there is no run
          config.read(own, command.getCommandSpec());
        }
      }
    }
    return config;
  }

  /** The values that the arguments behind a place give an option. */
  private static List<String> values(String option, String[] args, int place) {
    List<String> values = new ArrayList<>();
    for (int i = place + 1; i < args.length; i++) {
      if (args[i].startsWith(option + "=")) {
        values.add(args[i].substring(option.length() + 1));
      } else if (args[i].equals(option) && i + 1 < args.length) {
        values.add(args[i + 1]);
      }
    }
    return values;
  }

  /**
   * The arguments with the options of the file. The command line takes precedence, also with an
   * option that replaces one in the file.
   */
  String[] expand(String[] args, CommandLine line) {
    List<String> given = Arrays.asList(args);
    entries.keySet().removeIf(it -> isGiven(it, given) || isGiven(IN_PLACE_OF.get(it), given));
    List<String> expanded = new ArrayList<>(given);
    List<String> fromFile = new ArrayList<>();
    entries.forEach(
        (option, entry) -> entry.values().forEach(value -> fromFile.add(option + "=" + value)));
    expanded.addAll(commandIn(args, line) + 1, fromFile);
    return expanded.toArray(new String[0]);
  }

  /** {@code "run.yaml:3: "} for an option that the file gave, else nothing. */
  String originOf(String option) {
    Entry entry = entries.get(option);
    return entry == null ? "" : entry.origin() + ": ";
  }

  /** Where the command's name is, or −1. */
  private static int commandIn(String[] args, CommandLine line) {
    for (int i = 0; i < args.length; i++) {
      if (line.getSubcommands().containsKey(args[i])) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isGiven(@Nullable String option, List<String> args) {
    return option != null && args.stream().anyMatch(it -> names(it, option));
  }

  private static boolean names(String argument, String option) {
    return argument.equals(option) || argument.startsWith(option + "=");
  }

  private void read(Path file, CommandSpec command) {
    if (!Files.isRegularFile(file)) {
      throw new Refusal(OPTION, file + ": there is no such file");
    }
    try (JsonParser yaml = new YAMLFactory().createParser(Files.readString(file))) {
      JsonToken first = yaml.nextToken();
      if (first == null) {
        return; // nothing but comments
      }
      if (first != JsonToken.START_OBJECT) {
        throw invalid(file, yaml, "expected lines of the form 'option: value'");
      }
      while (yaml.nextToken() != JsonToken.END_OBJECT) {
        readEntry(file, yaml, command);
      }
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(file + ": is invalid: no UTF-8", e);
    } catch (JsonProcessingException e) {
      String place = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
      String reason = what(e.getOriginalMessage());
      throw new InvalidInputException(file + place + ": is not valid YAML: " + reason, e);
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** The parser's message without the lines that quote the file. */
  private static String what(String message) {
    return message
        .lines()
        .filter(it -> !it.startsWith(" "))
        .limit(2)
        .collect(Collectors.joining(", "));
  }

  private void readEntry(Path file, JsonParser yaml, CommandSpec command) throws IOException {
    String key = yaml.currentName();
    String origin = file + ":" + yaml.currentTokenLocation().getLineNr();
    if (key.equals(PROVENANCE)) {
      yaml.nextToken();
      yaml.skipChildren();
      return;
    }
    String option = "--" + key;
    if (command.findOption(option) == null || NOT_HERE.contains(option)) {
      List<String> known =
          command.options().stream()
              .map(it -> it.longestName().substring(2))
              .filter(name -> !NOT_HERE.contains("--" + name))
              .toList();
      throw new InvalidInputException(
          origin + ": unknown key '" + key + "'" + Suggestion.hint(key, known));
    }
    Entry entry = new Entry(values(file, yaml, key), origin);
    if (entries.put(option, entry) != null) {
      throw new InvalidInputException(origin + ": key '" + key + "' is given twice");
    }
  }

  private static List<String> values(Path file, JsonParser yaml, String key) throws IOException {
    if (yaml.nextToken() != JsonToken.START_ARRAY) {
      return List.of(scalar(file, yaml, key));
    }
    List<String> values = new ArrayList<>();
    while (yaml.nextToken() != JsonToken.END_ARRAY) {
      values.add(scalar(file, yaml, key));
    }
    return values;
  }

  private static String scalar(Path file, JsonParser yaml, String key) throws IOException {
    @Nullable JsonToken token = yaml.currentToken();
    if (token == null || !token.isScalarValue() || token == JsonToken.VALUE_NULL) {
      throw invalid(file, yaml, "key '" + key + "' needs a value, or several in [brackets]");
    }
    return yaml.getText();
  }

  private static InvalidInputException invalid(Path file, JsonParser yaml, String message) {
    return new InvalidInputException(
        file + ":" + yaml.currentTokenLocation().getLineNr() + ": " + message);
  }
}
