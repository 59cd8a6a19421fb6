package io.github.tralign.cli;

import io.github.tralign.cli.Converters.ChoiceConverter;
import io.github.tralign.frontier.FrontierLoss;
import io.github.tralign.frontier.ReferenceRule;
import io.github.tralign.frontier.Regime;
import io.github.tralign.judge.client.ReplyForm;
import io.github.tralign.loss.FDivergence;
import io.github.tralign.optimizer.ParameterGroup;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.report.Machine;
import io.github.tralign.text.Shell;
import io.github.tralign.toy.SftData;
import io.github.tralign.toy.ToyLoss;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Starts a command: {@code ./tralign train …}. */
@Command(
    name = "tralign",
    description = "Aligns language models with a reference policy that moves.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      QuickstartCommand.class,
      TrainCommand.class,
      SftCommand.class,
      SparkTrainCommand.class,
      FetchCommand.class,
      DataCommand.class,
      LogpsCommand.class,
      EvaluateCommand.class,
      GenerateCommand.class,
      ChatCommand.class,
      ServeCommand.class,
      JudgeCommand.class,
      CompareCommand.class,
      MergeCommand.class,
      ToyCommand.class,
      ExperimentCommand.class,
      BenchCommand.class,
      ExampleCommand.class,
      DoctorCommand.class,
      CompletionCommand.class,
      HelpCommand.class
    },
    versionProvider = Main.Version.class,
    footer = {
      "",
      "'${ROOT-COMMAND-NAME} COMMAND --help' shows the options of a command.",
      "Exit codes: 0 done; 1 failure; 2 an option or an input is invalid; 130 stopped by Ctrl-C,"
          + " with a checkpoint; 143 asked to terminate, likewise; 141 the reader of a pipe closed"
          + " it."
    })
@SuppressWarnings("unused") // some options are picocli's, or looked for in the arguments
public final class Main implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      order = 1000,
      description = "Shows this help.")
  private boolean help;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      order = 1001,
      description = "Shows where in the program a failure happened.")
  private boolean stacktrace;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      order = 1002,
      description = "Shows the version.")
  private boolean version;

  Main() {}

  /** Runs the command that the arguments name and ends the process with its exit code. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // for what libraries write too
    System.exit(
        run(
            args,
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err)));
  }

  /**
   * Runs the command that the arguments name.
   *
   * @param out for results
   * @param err for progress and messages
   * @return 0 done, 1 failure, 2 an option or an input is invalid, 130 stopped, 141 pipe closed
   */
  static int run(String[] args, OutputStream out, OutputStream err) {
    Console console = new Console(Printer.on(out), Printer.on(err));
    Failures failures = new Failures(console);
    return failures.requireSound(run(args, console, failures), args);
  }

  private static int run(String[] args, Console console, Failures failures) {
    try {
      CommandLine line = line(console, failures);
      ConfigFile config = ConfigFile.namedIn(args, line);
      failures.showOriginsIn(config);
      return line.execute(config.expand(args, line));
    } catch (RuntimeException | Error e) { // such as the JDK's, when it cannot open its own files
      return failures.report(e, args);
    }
  }

  static CommandLine line(Console console, Failures failures) {
    CommandLine line =
        new CommandLine(new Main(), new CommandFactory(console))
            .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
            .setCommandName(Shell.command())
            .setExpandAtFiles(false) // a path may begin with @
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpWidth(96);
    Converters.registerIn(line);
    line.registerConverter(ReferencePolicy.class, new ReferenceConverter());
    line.registerConverter(ParameterGroup.class, new GroupConverter());
    line.registerConverter(LossKind.class, new ChoiceConverter<>("loss", LossKind.values()));
    line.registerConverter(FDivergence.class, new DivergenceConverter());
    line.registerConverter(
        ModifierOptions.Wpo.class,
        new ChoiceConverter<>("kind of weights", ModifierOptions.Wpo.values()));
    line.registerConverter(OffsetKind.class, new ChoiceConverter<>("offset", OffsetKind.values()));
    line.registerConverter(
        AnswerFormat.class, new ChoiceConverter<>("format", AnswerFormat.values()));
    line.registerConverter(Regime.class, new ChoiceConverter<>("regime", Regime.values()));
    line.registerConverter(
        FrontierLoss.class, new ChoiceConverter<>("loss", FrontierLoss.values()));
    line.registerConverter(
        ReferenceRule.class, new ChoiceConverter<>("rule", ReferenceRule.values()));
    line.registerConverter(
        JudgeMethod.class, new ChoiceConverter<>("method", JudgeMethod.values()));
    line.registerConverter(ReplyForm.class, new ChoiceConverter<>("form", ReplyForm.values()));
    line.registerConverter(ToyLoss.class, new ChoiceConverter<>("loss", ToyLoss.values()));
    line.registerConverter(
        SftData.class, new ChoiceConverter<>("fine-tuning data", SftData.values()));
    HelpSections.arrange(line);
    line.setExecutionStrategy(
        parsed -> {
          prepare(parsed, console);
          return new RunLast().execute(parsed);
        });
    line.setParameterExceptionHandler(failures);
    line.setExecutionExceptionHandler(failures);
    return line;
  }

  /** Before the command, whose failures picocli reports in the same way. */
  private static void prepare(ParseResult parsed, Console console) {
    try {
      WrittenPaths.requireNames(parsed);
      PyTorchChoice.of(parsed).make(console.err());
    } catch (RuntimeException e) {
      throw new ExecutionException(
          parsed.commandSpec().commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** Without a command: how to use it. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** What {@code --version} prints. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"tralign " + Machine.version()};
    }
  }
}
