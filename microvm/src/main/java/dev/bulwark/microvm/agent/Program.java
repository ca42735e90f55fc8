package dev.bulwark.microvm.agent;

import java.util.List;

/**
 * A program for an agent to start.
 *
 * @param arguments the first is its absolute path in the guest
 * @param environment {@code NAME=value} each
 * @param directory where it starts
 * @param terminal what it gets as standard files
 * @param console path of the socket on which the agent takes the master of a terminal; empty unless
 *     the program makes one
 * @param rows of the terminal
 * @param columns of the terminal
 */
public record Program(
    List<String> arguments,
    List<String> environment,
    String directory,
    Terminal terminal,
    String console,
    int rows,
    int columns) {

  /** What a program's standard files are. */
  public enum Terminal {
    /** Three pipes. */
    NONE(0),
    /** A terminal that the agent makes. */
    OWN(1),
    /** A terminal whose master the program sends to a console socket. */
    CONSOLE(2);

    private final int flags;

    Terminal(int flags) {
      this.flags = flags;
    }
  }

  /** Makes the lists immutable. */
  public Program {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
  }

  /** A program with pipes. */
  public static Program of(List<String> arguments) {
    return new Program(
        arguments, List.of("PATH=/bin:/usr/bin:/sbin"), "/", Terminal.NONE, "", 0, 0);
  }

  Payload encode() {
    return new Payload()
        .number(terminal.flags, 4)
        .number(0, 4)
        .number(0, 4)
        .number(rows, 2)
        .number(columns, 2)
        .string(console)
        .string(directory)
        .strings(arguments)
        .strings(environment);
  }
}
