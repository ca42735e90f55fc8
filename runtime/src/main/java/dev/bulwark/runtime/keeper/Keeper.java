package dev.bulwark.runtime.keeper;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.Spawn;
import java.util.List;

/** Starts keepers. */
public final class Keeper {
  private static final List<String> NAME = List.of("bulwark-keeper");

  private final String program;

  /**
   * Keepers of a program.
   *
   * @param program path of the executable that the build makes
   */
  public Keeper(String program) {
    this.program = program;
  }

  /**
   * Becomes a keeper: this process goes on as one, with its standard error and without its memory.
   *
   * @param input what it is to have as standard input and output
   * @return never
   * @throws HostException when that is not possible
   */
  public HostException become(Plan plan, int input) throws HostException {
    throw Spawn.replace(program, NAME, List.of(), plan.descriptors(input, input, 2));
  }

  /**
   * Starts a keeper as a child of this process.
   *
   * @param input what it is to have as standard input and output
   * @param errors what it is to have as standard error
   * @return its pid
   * @throws HostException when the host refuses
   */
  public int start(Plan plan, int input, int errors) throws HostException {
    return Spawn.start(program, NAME, List.of(), plan.descriptors(input, input, errors));
  }

  /** What a keeper reported of a step that failed: {@code ERRNO DESCRIPTION}, as a sentence. */
  public static String sentence(String report) {
    String line = report.strip();
    int space = line.indexOf(' ');
    try {
      int errno = Integer.parseInt(line, 0, Math.max(space, 0), 10);
      return line.substring(space + 1) + " failed: " + Errno.describe(errno);
    } catch (NumberFormatException other) {
      return line;
    }
  }
}
