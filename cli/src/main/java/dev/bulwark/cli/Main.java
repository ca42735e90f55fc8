package dev.bulwark.cli;

import dev.bulwark.runtime.Version;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The entry point of the command {@code bulwark}. */
@Command(
    name = "bulwark",
    description = "Runs containers behind a user-space kernel or a small virtual machine.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    subcommands = Main.Do.class)
public final class Main implements Runnable {
  /** The exit code for a failure of the runtime itself, as docker run uses it. */
  static final int RUNTIME_FAILED = 125;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Made by {@link #main} and by tests. */
  Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, ready to execute; exit code 2 for usage that makes no sense. */
  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "no command given: try 'bulwark --help'");
  }

  /** {@code bulwark do}: a command in a sandbox over a root file system of this host. */
  @Command(
      name = "do",
      description = "Runs a command in a sandbox.",
      mixinStandardHelpOptions = true)
  static final class Do implements java.util.concurrent.Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Parameters(
        arity = "1..*",
        paramLabel = "COMMAND",
        description = "The command and its arguments.")
    private List<String> command = List.of();

    @Override
    public Integer call() {
      spec.commandLine()
          .getErr()
          .println(
              "bulwark: cannot run '"
                  + command.getFirst()
                  + "': this build has no sentry yet; see 'Where it stands' in README.md");
      return RUNTIME_FAILED;
    }
  }

  /** The three lines of {@code --version}. */
  static final class Versions implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "bulwark version " + Version.NUMBER, "commit: unknown", "spec: " + Version.SPECIFICATION
      };
    }
  }
}
