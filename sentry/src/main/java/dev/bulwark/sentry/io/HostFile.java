package dev.bulwark.sentry.io;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntToLongFunction;

/** Operations on the Sentry's own host files. Thread-safe. */
public final class HostFile {
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int MFD_EXEC = 0x10;
  private static final int EINVAL = 22;
  private static final int O_RDONLY_CLOEXEC = 02000000;
  private static volatile IntToLongFunction twins = HostFile::openedAgain;
  private static final int AT_FDCWD = -100;
  private static final int STAT_SIZE = 144;
  private static final int STAT_BLOCKS = 64;

  private HostFile() {}

  /**
   * A new memory file, empty and sealable; the caller owns the descriptor.
   *
   * @throws ErrnoException EMFILE, ENFILE, ENOMEM
   */
  public static int memory(String name) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      long path = arena.allocateFrom(name).address();
      int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
      long fd = HostCall.call(Sys.MEMFD_CREATE, path, flags | MFD_EXEC);
      if (fd == -EINVAL) { // before Linux 6.3 there is no MFD_EXEC, and every memfd is executable
        fd = HostCall.call(Sys.MEMFD_CREATE, path, flags);
      }
      return (int) ErrnoException.check(fd);
    }
  }

  /** A second descriptor of a memory file that can only read. */
  public static int readOnly(int fd) throws ErrnoException {
    return (int) ErrnoException.check(twins.applyAsLong(fd));
  }

  /**
   * Has somebody else give read-only descriptors, because Linux has no other way to one than to
   * open the link in /proc, and a Sentry that is locked down opens nothing.
   *
   * @param giver gets a descriptor of a memory file, gives one that only reads or an errno negated
   */
  public static void giveTwinsBy(IntToLongFunction giver) {
    twins = giver;
  }

  private static long openedAgain(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom("/proc/self/fd/" + fd);
      return HostCall.call(Sys.OPENAT, AT_FDCWD, path.address(), O_RDONLY_CLOEXEC, 0);
    }
  }

  /** How much memory or disk a file takes, in units of 512 bytes. */
  public static long blocks(int fd) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stat = arena.allocate(STAT_SIZE, 8);
      ErrnoException.check(HostCall.call(Sys.FSTAT, fd, stat.address(), 0));
      return stat.get(JAVA_LONG, STAT_BLOCKS);
    }
  }

  /**
   * Fills a buffer with random bytes.
   *
   * @return bytes stored, or an errno negated when there were none
   */
  public static long random(IoBuffer to) {
    long done = 0;
    try {
      while (to.remaining() > 0) {
        MemorySegment part = to.chunk(true);
        long n = HostCall.call(Sys.GETRANDOM, part.address(), part.byteSize(), 0);
        if (n <= 0) {
          return done > 0 ? done : n;
        }
        to.advance(n);
        done += n;
      }
    } catch (ErrnoException e) {
      return done > 0 ? done : -e.errno();
    }
    return done;
  }

  /** Closes a descriptor. */
  public static void close(int fd) {
    HostCall.call(Sys.CLOSE, fd);
  }
}
