package dev.bulwark.sentry.boot;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.loader.VfsProgram;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.PathWalk;
import java.util.List;

/**
 * Finds the command of a sandbox as execvp(3) does, inside the sandbox's own file systems. Docker
 * derives the exit codes 126 and 127 from words in the sentences: {@code executable file not
 * found}, {@code no such file or directory}, {@code permission denied}.
 */
final class CommandSearch {
  private static final String DEFAULT_PATH = "/bin:/usr/bin";

  private final FsContext fs;
  private final Credentials credentials;

  CommandSearch(FsContext fs, Credentials credentials) {
    this.fs = fs;
    this.credentials = credentials;
  }

  /**
   * What was found.
   *
   * @param program opened
   * @param path by which it was found, for the auxiliary vector
   */
  record Found(VfsProgram program, String path) {}

  /**
   * Opens the command's program.
   *
   * @throws StartFailure with the exit codes of a shell
   */
  Found open(String command, List<String> environment) throws StartFailure {
    if (command.indexOf('/') >= 0) {
      try {
        return open(command);
      } catch (ErrnoException failure) {
        throw describe(command, failure.errno());
      }
    }
    String searched = searchPath(environment);
    int refusal = 0;
    for (String directory : searched.split(":", -1)) {
      try {
        return open(directory.isEmpty() ? command : directory + "/" + command);
      } catch (ErrnoException failure) {
        if (failure.errno() != Errno.ENOENT && failure.errno() != Errno.ENOTDIR) {
          refusal = failure.errno();
        }
      }
    }
    if (command.isEmpty() || refusal == 0) {
      throw new StartFailure(
          StartFailure.NOT_FOUND,
          "there is no command '"
              + command
              + "': executable file not found in $PATH ("
              + searched
              + "): name its path, or set PATH with --env");
    }
    throw describe(command, refusal);
  }

  private Found open(String path) throws ErrnoException {
    PathWalk walk = fs.walk(credentials);
    return new Found(VfsProgram.open(walk.find(path, true), walk, null), path);
  }

  private static String searchPath(List<String> environment) {
    for (String entry : environment) {
      if (entry.startsWith("PATH=")) {
        return entry.substring("PATH=".length());
      }
    }
    return DEFAULT_PATH;
  }

  /** The sentence for a program that exists or not, but cannot be run. */
  static StartFailure describe(String command, int errno) {
    String head =
        "'"
            + command
            + "' cannot be executed: "
            + (errno == Errno.EACCES ? "permission denied" : Errno.describe(errno));
    return switch (errno) {
      case Errno.ENOENT, Errno.ENOTDIR ->
          new StartFailure(
              StartFailure.NOT_FOUND,
              "there is no command '"
                  + command
                  + "': no such file or directory in the sandbox, or the interpreter that it names is"
                  + " missing: check the path");
      case Errno.EACCES ->
          new StartFailure(
              StartFailure.NOT_EXECUTABLE,
              head + "; it must be a regular file with execute permission for the --user");
      case Errno.ENOEXEC ->
          new StartFailure(
              StartFailure.NOT_EXECUTABLE,
              head + "; it must be an x86-64 ELF program or a script that begins with #!");
      case Errno.E2BIG ->
          new StartFailure(
              StartFailure.NOT_EXECUTABLE, head + "; give it fewer arguments or variables");
      default -> new StartFailure(StartFailure.NOT_EXECUTABLE, head);
    };
  }
}
