package io.github.tralign.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the commands, and gives the console to those that write. */
final class CommandFactory implements IFactory {

  private final IFactory other = CommandLine.defaultFactory();
  private final Console console;

  CommandFactory(Console console) {
    this.console = console;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    if (type == TrainCommand.class) {
      return type.cast(new TrainCommand(console));
    }
    if (type == QuickstartCommand.class) {
      return type.cast(new QuickstartCommand(console));
    }
    if (type == SftCommand.class) {
      return type.cast(new SftCommand(console));
    }
    if (type == EvaluateCommand.class) {
      return type.cast(new EvaluateCommand(console));
    }
    if (type == FetchCommand.class) {
      return type.cast(new FetchCommand(console));
    }
    if (type == DoctorCommand.class) {
      return type.cast(new DoctorCommand(console));
    }
    if (type == CompletionCommand.class) {
      return type.cast(new CompletionCommand(console));
    }
    if (type == DataCommand.class) {
      return type.cast(new DataCommand(console));
    }
    if (type == LogpsCommand.class) {
      return type.cast(new LogpsCommand(console));
    }
    if (type == GenerateCommand.class) {
      return type.cast(new GenerateCommand(console));
    }
    if (type == ChatCommand.class) {
      return type.cast(new ChatCommand(console));
    }
    if (type == ServeCommand.class) {
      return type.cast(new ServeCommand(console));
    }
    if (type == JudgeCommand.class) {
      return type.cast(new JudgeCommand(console));
    }
    if (type == ToyCommand.class) {
      return type.cast(new ToyCommand(console));
    }
    if (type == FrontierCommand.class) {
      return type.cast(new FrontierCommand(console));
    }
    if (type == RealCommand.class) {
      return type.cast(new RealCommand(console));
    }
    if (type == BenchCommand.class) {
      return type.cast(new BenchCommand(console));
    }
    if (type == CompareCommand.class) {
      return type.cast(new CompareCommand(console));
    }
    if (type == MergeCommand.class) {
      return type.cast(new MergeCommand(console));
    }
    return other.create(type);
  }
}
