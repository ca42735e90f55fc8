package dev.bulwark.linux;

import java.util.List;

/**
 * Starts host processes with exactly the descriptors they are to have, which {@link ProcessBuilder}
 * cannot: posix_spawn(3) with file actions. Thread-safe; mind that a parent-death signal of the
 * child follows the <em>thread</em> that called {@link #start}.
 */
public final class Spawn {
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int X_OK = 1;
  private static final int CLOSE_RANGE_CLOEXEC = 4;
  private static final long MAX_DESCRIPTOR = 0xffffffffL;
  private static final long POSIX_SPAWN_SETSIGDEF = 0x04;
  private static final long POSIX_SPAWN_SETSIGMASK = 0x08;
  private static final long POSIX_SPAWN_SETSID = 0x80;

  /** More than glibc's posix_spawn_file_actions_t, posix_spawnattr_t and sigset_t take. */
  private static final int OPAQUE_BYTES = 512;

  private Spawn() {}

  /**
   * Starts a program in a session of its own and in the root directory, with default signal
   * dispositions and no signal blocked. It becomes a child of this process, which has to wait for
   * it.
   *
   * @param path of the program, a byte string
   * @param arguments including the zeroth; byte strings
   * @param environment {@code NAME=value} each; byte strings
   * @param descriptors the child's descriptor i is this process's {@code descriptors[i]}; all
   *     others are closed
   * @return the pid
   * @throws HostException when the program cannot be started, ENOENT for instance
   */
  public static int start(
      String path, List<String> arguments, List<String> environment, int[] descriptors)
      throws HostException {
    int[] high = outOfTheWay(descriptors);
    try {
      return spawn(path, arguments, environment, high);
    } finally {
      closeAll(high, high.length);
    }
  }

  /**
   * Replaces this process's program: execve(2). Of the JVM nothing is left; its threads are gone
   * and its shutdown hooks do not run.
   *
   * @param path of the program, a byte string
   * @param arguments including the zeroth; byte strings
   * @param environment {@code NAME=value} each; byte strings
   * @param descriptors the program's descriptor i is this process's {@code descriptors[i]}; all
   *     others are closed
   * @return never
   * @throws HostException when the program cannot be started; nothing has changed then, if it is
   *     not there or not executable
   */
  public static HostException replace(
      String path, List<String> arguments, List<String> environment, int[] descriptors)
      throws HostException {
    NativeMemory program = NativeMemory.string(path);
    HostCall.check(HostCall.call(Sys.ACCESS, program.address(), X_OK), path);
    int[] high = outOfTheWay(descriptors);
    NativeMemory words = NativeMemory.strings(arguments);
    NativeMemory variables = NativeMemory.strings(environment);
    // Descriptors of the JVM's own go here: nothing may be loaded until the execve.
    for (int i = 0; i < high.length; i++) {
      HostCall.call(Sys.DUP2, high[i], i);
    }
    HostCall.call(Sys.CLOSE_RANGE, high.length, MAX_DESCRIPTOR, CLOSE_RANGE_CLOEXEC);
    long error = HostCall.call(Sys.EXECVE, program.address(), words.address(), variables.address());
    program.keep();
    words.keep();
    variables.keep();
    throw new HostException("starting " + path, (int) -error);
  }

  /** Copies with high numbers, so that placing one cannot overwrite another's source. */
  private static int[] outOfTheWay(int[] descriptors) throws HostException {
    int[] high = new int[descriptors.length];
    for (int i = 0; i < high.length; i++) {
      long copy =
          HostCall.call(Sys.FCNTL, descriptors[i], F_DUPFD_CLOEXEC, descriptors.length + 1L);
      if (copy < 0) {
        closeAll(high, i);
        throw new HostException("duplicating descriptor " + descriptors[i], (int) -copy);
      }
      high[i] = (int) copy;
    }
    return high;
  }

  private static void closeAll(int[] descriptors, int count) {
    for (int i = 0; i < count; i++) {
      HostCall.call(Sys.CLOSE, descriptors[i]);
    }
  }

  private static int spawn(
      String path, List<String> arguments, List<String> environment, int[] sources)
      throws HostException {
    NativeMemory actions = NativeMemory.allocate(OPAQUE_BYTES);
    prepare("posix_spawn_file_actions_init", actions.address(), 0, 0);
    LibraryFunction place = new LibraryFunction("posix_spawn_file_actions_adddup2");
    for (int i = 0; i < sources.length; i++) {
      prepare(place, actions.address(), sources[i], i);
    }
    prepare("posix_spawn_file_actions_addclosefrom_np", actions.address(), sources.length, 0);
    NativeMemory directory = NativeMemory.string("/");
    prepare("posix_spawn_file_actions_addchdir_np", actions.address(), directory.address(), 0);
    directory.keep(); // which libc copied
    NativeMemory attributes = attributes();
    NativeMemory pid = NativeMemory.allocate(Integer.BYTES);
    NativeMemory program = NativeMemory.string(path);
    NativeMemory words = NativeMemory.strings(arguments);
    NativeMemory variables = NativeMemory.strings(environment);
    int error =
        new LibraryFunction("posix_spawn")
            .call(
                pid.address(),
                program.address(),
                actions.address(),
                attributes.address(),
                words.address(),
                variables.address());
    attributes.keep();
    program.keep();
    words.keep();
    variables.keep();
    prepare("posix_spawn_file_actions_destroy", actions.address(), 0, 0);
    actions.keep();
    if (error != 0) {
      throw new HostException("starting " + path, error);
    }
    return pid.getInt(0);
  }

  /** A session of its own, default dispositions, and no signal blocked. */
  private static NativeMemory attributes() throws HostException {
    NativeMemory attributes = NativeMemory.allocate(OPAQUE_BYTES);
    NativeMemory signals = NativeMemory.allocate(OPAQUE_BYTES);
    prepare("posix_spawnattr_init", attributes.address(), 0, 0);
    prepare(
        "posix_spawnattr_setflags",
        attributes.address(),
        POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK,
        0);
    prepare("posix_spawnattr_setsigmask", attributes.address(), signals.address(), 0);
    signals.fill(0, signals.size(), (byte) 0xff);
    prepare("posix_spawnattr_setsigdefault", attributes.address(), signals.address(), 0);
    signals.keep();
    return attributes;
  }

  private static void prepare(String function, long a, long b, long c) throws HostException {
    prepare(new LibraryFunction(function), a, b, c);
  }

  private static void prepare(LibraryFunction function, long a, long b, long c)
      throws HostException {
    int error = function.call(a, b, c);
    if (error != 0) {
      throw new HostException("preparing to start a process", error);
    }
  }
}
