package dev.bulwark.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
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
  private static final long OPAQUE_BYTES = 512;

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
    try (Arena arena = Arena.ofConfined()) {
      return spawn(arena, path, arguments, environment, high);
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
    HostCall.check(HostCall.call(Sys.ACCESS, string(Arena.global(), path).address(), X_OK), path);
    int[] high = outOfTheWay(descriptors);
    MemorySegment program = string(Arena.global(), path);
    MemorySegment words = strings(Arena.global(), arguments);
    MemorySegment variables = strings(Arena.global(), environment);
    // Descriptors of the JVM's own go here: nothing may be loaded until the execve.
    for (int i = 0; i < high.length; i++) {
      HostCall.call(Sys.DUP2, high[i], i);
    }
    HostCall.call(Sys.CLOSE_RANGE, high.length, MAX_DESCRIPTOR, CLOSE_RANGE_CLOEXEC);
    long error = HostCall.call(Sys.EXECVE, program.address(), words.address(), variables.address());
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
      Arena arena, String path, List<String> arguments, List<String> environment, int[] sources)
      throws HostException {
    long actions = arena.allocate(OPAQUE_BYTES, 16).address();
    prepare("posix_spawn_file_actions_init", actions, 0, 0);
    LibraryFunction place = new LibraryFunction("posix_spawn_file_actions_adddup2");
    for (int i = 0; i < sources.length; i++) {
      prepare(place, actions, sources[i], i);
    }
    prepare("posix_spawn_file_actions_addclosefrom_np", actions, sources.length, 0);
    prepare("posix_spawn_file_actions_addchdir_np", actions, string(arena, "/").address(), 0);
    long attributes = attributes(arena);
    MemorySegment pid = arena.allocate(JAVA_LONG);
    int error =
        new LibraryFunction("posix_spawn")
            .call(
                pid.address(),
                string(arena, path).address(),
                actions,
                attributes,
                strings(arena, arguments).address(),
                strings(arena, environment).address());
    prepare("posix_spawn_file_actions_destroy", actions, 0, 0);
    if (error != 0) {
      throw new HostException("starting " + path, error);
    }
    return (int) pid.get(JAVA_LONG, 0);
  }

  /** A session of its own, default dispositions, and no signal blocked. */
  private static long attributes(Arena arena) throws HostException {
    long attributes = arena.allocate(OPAQUE_BYTES, 16).address();
    MemorySegment signals = arena.allocate(OPAQUE_BYTES, 16);
    prepare("posix_spawnattr_init", attributes, 0, 0);
    prepare(
        "posix_spawnattr_setflags",
        attributes,
        POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK,
        0);
    prepare("posix_spawnattr_setsigmask", attributes, signals.address(), 0);
    signals.fill((byte) 0xff);
    prepare("posix_spawnattr_setsigdefault", attributes, signals.address(), 0);
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

  private static MemorySegment strings(Arena arena, List<String> values) {
    MemorySegment array = arena.allocate(JAVA_LONG, values.size() + 1L);
    for (int i = 0; i < values.size(); i++) {
      array.setAtIndex(JAVA_LONG, i, string(arena, values.get(i)).address());
    }
    return array;
  }

  private static MemorySegment string(Arena arena, String value) {
    return arena.allocateFrom(value, StandardCharsets.ISO_8859_1);
  }
}
