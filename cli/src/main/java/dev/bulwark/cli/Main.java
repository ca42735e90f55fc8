package dev.bulwark.cli;

import dev.bulwark.control.NetworkMode;
import dev.bulwark.runtime.Invocation;
import dev.bulwark.runtime.LaunchFailure;
import dev.bulwark.runtime.LaunchRequest;
import dev.bulwark.runtime.Launcher;
import dev.bulwark.runtime.Outcome;
import dev.bulwark.runtime.Version;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The entry point of the command {@code bulwark}. */
public final class Main {
  private static final int BAD_USAGE = 2;

  private static final String HELP =
      """
      Usage: bulwark COMMAND [OPTION]...

      Runs containers behind a user-space kernel or a small virtual machine.

      Commands:
        do          run a command in a sandbox over a root file system of this host
        syscalls    print the system calls that a sandbox knows

      'bulwark COMMAND --help' explains a command; 'bulwark --version' prints the version.
      """;

  private final PrintStream out;
  private final PrintStream err;

  Main(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Main main = new Main(stream(FileDescriptor.out), stream(FileDescriptor.err));
    int exitCode = main.run(Invocation.arguments(arguments));
    main.out.flush();
    System.exit(exitCode);
  }

  /** A stream for byte strings: one char a byte. */
  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.ISO_8859_1);
  }

  /** Executes a command line, and gives its exit code. */
  int run(List<String> words) {
    try {
      return dispatch(words);
    } catch (UsageException wrong) {
      err.println("bulwark: " + wrong.getMessage() + "; see 'bulwark --help'");
      return BAD_USAGE;
    } catch (LaunchFailure failure) {
      err.println("bulwark: " + failure.getMessage());
      return failure.exitCode();
    }
  }

  private int dispatch(List<String> words) throws UsageException, LaunchFailure {
    if (words.isEmpty()) {
      throw new UsageException("no command was given");
    }
    List<String> rest = words.subList(1, words.size());
    return switch (words.getFirst()) {
      case "do" -> runDo(rest);
      case "syscalls" -> Launcher.printSyscalls();
      case "--version", "-v" -> print(version());
      case "--help", "-h", "help" -> print(HELP);
      default -> throw new UsageException("there is no command '" + words.getFirst() + "'");
    };
  }

  private int runDo(List<String> words) throws UsageException, LaunchFailure {
    if (DoCommand.wantsHelp(words)) {
      return print(DoCommand.help());
    }
    LaunchRequest request = DoCommand.request(words);
    if (request.spec().network() == NetworkMode.HOST_STACK) {
      err.println("bulwark: the sandbox uses the host's network");
    }
    Outcome outcome = Launcher.run(request);
    if (!outcome.remark().isEmpty()) {
      err.println("bulwark: " + outcome.remark());
    }
    return outcome.exitCode();
  }

  /** The three lines that container engines read. */
  private static String version() {
    return "bulwark version "
        + Version.NUMBER
        + "\ncommit: unknown\nspec: "
        + Version.SPECIFICATION
        + "\n";
  }

  private int print(String text) {
    out.print(text);
    return 0;
  }
}
