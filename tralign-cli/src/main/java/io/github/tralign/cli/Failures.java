package io.github.tralign.cli;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidDataException;
import io.github.tralign.InvalidInputException;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.distributed.ProcessGroupException;
import io.github.tralign.file.Reason;
import io.github.tralign.hub.HubException;
import io.github.tralign.judge.client.JudgeException;
import io.github.tralign.launch.ReportedFailure;
import io.github.tralign.policy.NonFiniteWeightsException;
import io.github.tralign.train.TrainingException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever went wrong into one message and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private static final int FAILURE = 1;
  private static final int INVALID = 2;
  private static final int PIPE_CLOSED = 141; // as of a process that SIGPIPE ended

  /** The beginning of picocli's message, with the place in a list. */
  private static final Pattern INVALID_VALUE = Pattern.compile("^Invalid value for [^:]*: ");

  /** Settings whose options are not called by their names. */
  private static final ImmutableMap<String, String> OPTIONS =
      ImmutableMap.of(
          "beta1", "--adam-beta1",
          "beta2", "--adam-beta2",
          "epsilon", "--adam-epsilon",
          "evaluation", "--eval-data",
          "evaluationEvery", "--eval-every",
          "rank", AdapterOptions.RANK,
          "alpha", AdapterOptions.ALPHA,
          "targets", AdapterOptions.TARGETS,
          "modulesToSave", AdapterOptions.WHOLE);

  private static final String STACKTRACE = "--stacktrace";

  private final Console console;
  private ConfigFile config = ConfigFile.none();

  Failures(Console console) {
    this.console = console;
  }

  /** The exit code of a command that ended with {@code code}, if its results have arrived. */
  int requireSound(int code, String[] args) {
    try {
      if (code == 0) {
        console.out().requireSound();
      }
      return code;
    } catch (UncheckedIOException e) {
      return report(e, args);
    }
  }

  /** Options that come from a file are shown with their place in it from now on. */
  void showOriginsIn(ConfigFile config) {
    this.config = config;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    return report(e, args);
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine line, @Nullable ParseResult parsed) {
    List<String> args = parsed == null ? List.of() : parsed.originalArgs();
    Exception shown =
        e instanceof InvalidSettingException setting
            ? refusal(setting, line)
            : e instanceof InvalidDataException data ? withAdvice(data, line) : e;
    return report(shown, args.toArray(new String[0]));
  }

  private static Exception withAdvice(InvalidDataException e, CommandLine line) {
    return line.getCommandSpec().optionsMap().containsKey(DataOptions.SKIP_INVALID)
        ? new InvalidInputException(
            e.getMessage() + "; " + DataOptions.SKIP_INVALID + " skips and counts invalid rows", e)
        : e;
  }

  /** The same with the name of the option that gives the setting, if the command has one. */
  private static Exception refusal(InvalidSettingException e, CommandLine line) {
    String setting = e.setting();
    String option =
        OPTIONS.getOrDefault(
            setting, "--" + CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_HYPHEN, setting));
    String message = String.valueOf(e.getMessage());
    return line.getCommandSpec().optionsMap().containsKey(option)
        ? new Refusal(option, message, e)
        : new InvalidInputException(message, e);
  }

  /** Shows the message, and the stack trace if it was asked for. */
  int report(Throwable e, String[] args) {
    if (console.out().isPipeClosed()) {
      return PIPE_CLOSED; // nobody reads on, as behind "| head"
    }
    int code = code(e);
    String message;
    if (e instanceof ReportedFailure) {
      message = "";
    } else if (e instanceof ParameterException parameter) {
      message = message(parameter);
    } else if (e instanceof Refusal refusal) {
      message = config.originOf(refusal.option()) + refusal.getMessage();
    } else if (e instanceof InvalidInputException) {
      message = String.valueOf(e.getMessage());
    } else {
      message = failure(e) + advice(e);
    }
    PrintStream err = console.err();
    if (!message.isEmpty()) {
      err.println("tralign: " + Printable.message(message));
    }
    if (Arrays.asList(args).contains(STACKTRACE) || System.getenv("TRALIGN_DEBUG") != null) {
      e.printStackTrace(err);
    } else if (code == FAILURE && !isExplained(e) && DiskAdvice.of(e).isEmpty()) {
      err.println("tralign: " + STACKTRACE + " shows where it happened");
    }
    return code;
  }

  /** The exit code of a failure. */
  static int code(Throwable e) {
    if (e instanceof ReportedFailure reported) {
      return reported.exitCode();
    }
    return e instanceof ParameterException
            || e instanceof Refusal
            || e instanceof InvalidInputException
            || e instanceof InvalidSettingException
        ? INVALID
        : FAILURE;
  }

  /** What to do, and limits that were reached, as the rest of a sentence. */
  private static String advice(Throwable e) {
    try {
      return DiskAdvice.of(e).map(it -> "; " + it).orElse("") + SystemLimits.reached();
    } catch (LinkageError unreadable) {
      return ""; // the JDK cannot open its own files either; the message says as much
    }
  }

  private String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getUnmatched().get(0), e.getCommandLine().getCommandSpec());
    }
    if (e instanceof OverwrittenOptionException twice) {
      return name(twice.getOverwritten()) + ": is given twice";
    }
    if (e instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      ArgSpec option = missing.getMissing().get(0);
      return name(option) + ": needs a value, " + option.paramLabel();
    }
    ArgSpec argument = e.getArgSpec();
    if (argument == null) {
      return String.valueOf(e.getMessage());
    }
    String name = name(argument);
    return config.originOf(name)
        + INVALID_VALUE.matcher(String.valueOf(e.getMessage())).replaceFirst(name + ": ");
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static String unmatched(String word, CommandSpec command) {
    if (word.startsWith("-")) {
      String name = word.split("=", 2)[0];
      return "unknown option " + name + Suggestion.hint(name, command.optionsMap().keySet());
    }
    Map<String, CommandLine> commands = command.subcommands();
    String hint = Suggestion.hint(word, commands.keySet());
    return commands.isEmpty()
        ? "unexpected argument '" + word + "'"
        : "unknown command '"
            + word
            + "'"
            + (hint.isEmpty() ? ";" : hint)
            + " known: "
            + String.join(", ", commands.keySet());
  }

  /** Whether the message is all there is to know. */
  private static boolean isExplained(Throwable e) {
    return e instanceof ReportedFailure
        || e instanceof ProcessGroupException
        || e instanceof TrainingException
        || e instanceof NonFiniteWeightsException
        || e instanceof JudgeException
        || e instanceof HubException
        || e instanceof FileSystemException
        || e instanceof UncheckedIOException && !isWrapper(e);
  }

  /** Whether an exception says no more than its cause. */
  private static boolean isWrapper(Throwable e) {
    return e.getCause() != null && e.getCause().toString().equals(e.getMessage());
  }

  private static String failure(Throwable e) {
    if (e instanceof FileSystemException file) {
      return file.getFile() + ": " + Reason.of(file);
    }
    if (isExplained(e)) {
      return String.valueOf(e.getMessage());
    }
    Throwable cause = e.getCause();
    if (cause != null && isWrapper(e)) {
      return failure(cause);
    }
    if (e instanceof OutOfMemoryError) {
      return "out of memory (" + e.getMessage() + "); TRALIGN_JAVA_OPTS=-Xmx4g gives Java more";
    }
    return "failed: " + (e.getMessage() == null ? e.getClass().getSimpleName() : firstLine(e));
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
