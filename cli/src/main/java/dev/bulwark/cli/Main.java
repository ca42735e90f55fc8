package dev.bulwark.cli;

import dev.bulwark.linux.HostException;
import dev.bulwark.runtime.Invocation;
import dev.bulwark.runtime.LaunchFailure;
import dev.bulwark.runtime.Version;
import dev.bulwark.runtime.container.ContainerException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The entry point of the command {@code bulwark}. */
public final class Main {
  private static final int BAD_USAGE = 2;
  private static final int FAILED = 1;

  private final PrintStream out;
  private final PrintStream err;

  Main(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Main main = new Main(stream(FileDescriptor.out), stream(FileDescriptor.err));
    Training.runIfAsked(main.out, main.err);
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
      Options.Parsed before = Globals.options().parse(words);
      if (before.has("version")) {
        return print(version());
      }
      if (before.has("help")) {
        return print(Help.overview());
      }
      return dispatch(Globals.of(before), before.operands());
    } catch (UsageException wrong) {
      return complain(BAD_USAGE, wrong.getMessage() + "; see 'bulwark --help'");
    }
  }

  private int dispatch(Globals globals, List<String> words) throws UsageException {
    if (words.isEmpty()) {
      throw new UsageException("no command was given");
    }
    if (words.getFirst().equals("help")) {
      return print(Help.overview());
    }
    Command command = CommandTable.find(words.getFirst());
    if (command == null) {
      throw new UsageException("there is no command '" + words.getFirst() + "'");
    }
    Options options = command.options().flag("help", "h", "print this help");
    try {
      Options.Parsed given = options.parse(words.subList(1, words.size()));
      return given.has("help")
          ? print(Help.of(command))
          : command.run(new Command.Call(globals, given, out));
    } catch (UsageException wrong) {
      String message = wrong.getMessage() + "; see 'bulwark " + command.name() + " --help'";
      ErrorLog.append(globals, message);
      return complain(BAD_USAGE, message);
    } catch (LaunchFailure failure) {
      int exitCode = command instanceof DoCommand ? failure.exitCode() : FAILED;
      return fail(globals, exitCode, failure);
    } catch (ContainerException | HostException failure) {
      return fail(globals, FAILED, failure);
    }
  }

  private int fail(Globals globals, int exitCode, Exception failure) {
    String message = String.valueOf(failure.getMessage());
    ErrorLog.append(globals, message);
    return complain(exitCode, message);
  }

  /** The three lines that container engines read. */
  private static String version() {
    return "bulwark version "
        + Version.NUMBER
        + "\ncommit: unknown\nspec: "
        + Version.SPECIFICATION
        + "\n";
  }

  private int complain(int exitCode, String message) {
    err.println("bulwark: " + message);
    return exitCode;
  }

  private int print(String text) {
    out.print(text);
    return 0;
  }
}
