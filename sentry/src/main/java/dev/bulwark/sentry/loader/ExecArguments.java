package dev.bulwark.sentry.loader;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.UserMemory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * The strings that execve(2) hands to a program, bounded as Linux bounds them: a quarter of the
 * stack limit, at most 6 MiB and at least 128 KiB in all, 128 KiB for one. Each string counts with
 * its NUL and a pointer to it. Not thread-safe.
 */
public final class ExecArguments {
  /** The longest string, its NUL included (MAX_ARG_STRLEN). */
  public static final int MAX_STRING = 131072;

  private static final long MIN_TOTAL = 131072;
  private static final long MAX_TOTAL = (8L << 20) / 4 * 3;

  private final String filename;
  private final Deque<String> arguments = new ArrayDeque<>();
  private final List<String> environment = new ArrayList<>();
  private long left;

  private ExecArguments(String filename, long stackLimit) throws ErrnoException {
    this.filename = filename;
    long quarter = stackLimit < 0 ? Long.MAX_VALUE : stackLimit / 4;
    left = Math.max(MIN_TOTAL, Math.min(MAX_TOTAL, quarter));
    take(filename.length() + 1L);
  }

  /**
   * The strings of a first process.
   *
   * @param filename the path that is executed
   * @param stackLimit the soft RLIMIT_STACK, negative for none
   * @throws ErrnoException E2BIG
   */
  public static ExecArguments of(
      String filename, List<String> arguments, List<String> environment, long stackLimit)
      throws ErrnoException {
    ExecArguments all = new ExecArguments(filename, stackLimit);
    for (String string : arguments) {
      all.arguments.add(all.counted(string));
    }
    for (String string : environment) {
      all.environment.add(all.counted(string));
    }
    all.neverEmpty();
    return all;
  }

  /**
   * Reads the strings that a caller of execve(2) passes. A null array is an empty one.
   *
   * @param filename the path that is executed
   * @param argv address of an array of pointers that a null pointer ends
   * @param envp the same for the environment
   * @param stackLimit the soft RLIMIT_STACK, negative for none
   * @throws ErrnoException EFAULT, E2BIG
   */
  public static ExecArguments read(
      UserMemory memory, String filename, long argv, long envp, long stackLimit)
      throws ErrnoException {
    ExecArguments all = new ExecArguments(filename, stackLimit);
    for (long pointer : all.pointers(memory, argv)) {
      all.arguments.add(all.string(memory, pointer));
    }
    for (long pointer : all.pointers(memory, envp)) {
      all.environment.add(all.string(memory, pointer));
    }
    all.neverEmpty();
    return all;
  }

  /** Linux gives a program that got no argument at all an empty one, since 5.18. */
  private void neverEmpty() {
    if (arguments.isEmpty()) {
      arguments.add("");
    }
  }

  private List<Long> pointers(UserMemory memory, long array) throws ErrnoException {
    List<Long> pointers = new ArrayList<>();
    if (array == 0) {
      return pointers;
    }
    for (long at = array; ; at += 8) {
      long pointer = memory.getLong(at);
      if (pointer == 0) {
        return pointers;
      }
      take(8);
      pointers.add(pointer);
    }
  }

  private String string(UserMemory memory, long pointer) throws ErrnoException {
    int limit = (int) Math.min(MAX_STRING, left);
    String string = memory.readString(pointer, limit, Errno.E2BIG);
    take(string.length() + 1L);
    return string;
  }

  private String counted(String string) throws ErrnoException {
    if (string.length() >= MAX_STRING) {
      throw ErrnoException.of(Errno.E2BIG);
    }
    take(string.length() + 9L);
    return string;
  }

  private void take(long bytes) throws ErrnoException {
    left -= bytes;
    if (left < 0) {
      throw ErrnoException.of(Errno.E2BIG);
    }
  }

  /**
   * Rewrites the arguments for a script: the interpreter, its argument, and the script's path take
   * the place of the first one.
   *
   * @throws ErrnoException E2BIG
   */
  void interpretedBy(ScriptLine line, String script) throws ErrnoException {
    left += arguments.removeFirst().length() + 9L;
    arguments.addFirst(counted(script));
    if (line.argument() != null) {
      arguments.addFirst(counted(line.argument()));
    }
    arguments.addFirst(counted(line.interpreter()));
  }

  /** The path that is executed, which AT_EXECFN shows. */
  public String filename() {
    return filename;
  }

  /** The arguments, never empty. */
  public List<String> arguments() {
    return List.copyOf(arguments);
  }

  /** The environment. */
  public List<String> environment() {
    return Collections.unmodifiableList(environment);
  }
}
