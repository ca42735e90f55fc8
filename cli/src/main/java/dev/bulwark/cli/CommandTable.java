package dev.bulwark.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** All commands. */
final class CommandTable {
  private static final List<String> NAMES =
      List.of(
          "do",
          "create",
          "start",
          "run",
          "exec",
          "state",
          "list",
          "ps",
          "kill",
          "update",
          "events",
          "pause",
          "resume",
          "delete",
          "spec",
          "features",
          "syscalls",
          "image",
          "install",
          "uninstall",
          "check",
          "completion",
          "man",
          "checkpoint",
          "restore");

  private CommandTable() {}

  /** The command of a name, made only now: most starts of the program need one alone. */
  static @Nullable Command find(String name) {
    return switch (name) {
      case "do" -> new DoCommand();
      case "create" -> new LifecycleCommands.Create();
      case "start" -> new LifecycleCommands.Start();
      case "run" -> new LifecycleCommands.Run();
      case "exec" -> new ProcessCommands.Exec();
      case "state" -> new LifecycleCommands.State();
      case "list" -> new ListCommand();
      case "ps" -> new ProcessCommands.Ps();
      case "update" -> new UpdateCommand();
      case "events" -> new EventsCommand();
      case "install" -> new InstallCommand(true);
      case "uninstall" -> new InstallCommand(false);
      case "kill" -> new LifecycleCommands.Kill();
      case "pause" -> new LifecycleCommands.Freeze(true);
      case "resume" -> new LifecycleCommands.Freeze(false);
      case "delete" -> new LifecycleCommands.Delete();
      case "spec" -> new DocumentCommands.Spec();
      case "features" -> new DocumentCommands.FeaturesCommand();
      case "syscalls" -> new DocumentCommands.Syscalls();
      case "image" -> new ImageCommand();
      case "check" -> new CheckCommand();
      case "completion" -> new CompletionCommand();
      case "man" -> new ManCommand();
      case "checkpoint", "restore" -> new LifecycleCommands.Refused(name);
      default -> null;
    };
  }

  /** All of them, as help lists them. */
  static List<Command> all() {
    return NAMES.stream().map(CommandTable::find).map(java.util.Objects::requireNonNull).toList();
  }
}
