package dev.bulwark.cli;

import dev.bulwark.linux.HostException;
import dev.bulwark.runtime.LaunchFailure;
import dev.bulwark.runtime.container.ContainerException;
import java.io.PrintStream;

/** A command of the command line. Help, completion and manual pages are made from what it says. */
interface Command {
  /** Its word on the command line. */
  String name();

  /** What it does, in a few words that begin with a verb. */
  String summary();

  /** The operands, as a usage line shows them. */
  String operands();

  /** What there is to know besides the options; paragraphs, or empty. */
  default String description() {
    return "";
  }

  /** The options that it takes. */
  Options options();

  /**
   * Carries it out.
   *
   * @return the exit code
   */
  int run(Call call) throws UsageException, ContainerException, HostException, LaunchFailure;

  /**
   * One call of a command.
   *
   * @param globals what was said before the command's name
   * @param given its options and operands
   * @param out standard output, for byte strings
   */
  record Call(Globals globals, Options.Parsed given, PrintStream out) {
    /** The one operand that a command wants. */
    String operand(String what) throws UsageException {
      if (given.operands().size() != 1) {
        throw new UsageException(
            given.operands().isEmpty()
                ? what + " is missing"
                : "there is one operand too many: '" + given.operands().getLast() + "'");
      }
      return given.operands().getFirst();
    }
  }
}
