package dev.bulwark.sentry.mm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What the memory room asks the host about a descriptor that the Sentry holds. */
final class HostFile {
  private static final int STAT_BYTES = 144;
  private static final int SIZE_AT = 48;
  private static final int BLOCKS_AT = 64;
  private static final int BLOCK = 512;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  private HostFile() {}

  /** The size in bytes, or an errno negated. */
  static long size(int fd) {
    return stat(fd, SIZE_AT);
  }

  /** How many bytes of storage the contents take, or an errno negated. */
  static long allocated(int fd) {
    long blocks = stat(fd, BLOCKS_AT);
    return blocks < 0 ? blocks : blocks * BLOCK;
  }

  /** The next byte of a sparse file that is stored, or an errno negated: ENXIO when none is. */
  static long seekData(int fd, long offset) {
    return HostCall.call(Sys.LSEEK, fd, offset, SEEK_DATA);
  }

  /** The next byte of a sparse file that is not stored, or an errno negated. */
  static long seekHole(int fd, long offset) {
    return HostCall.call(Sys.LSEEK, fd, offset, SEEK_HOLE);
  }

  private static long stat(int fd, int field) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stat = arena.allocate(STAT_BYTES, 8);
      long r = HostCall.call(Sys.FSTAT, fd, stat.address());
      return r < 0 ? r : stat.get(JAVA_LONG, field);
    }
  }

  /**
   * Reads up to a number of bytes; what lies behind the end of the file stays as it is in memory.
   *
   * @throws ErrnoException EIO when the host cannot read
   */
  static void read(int fd, long offset, MemorySegment to) throws ErrnoException {
    long done = 0;
    while (done < to.byteSize()) {
      long n =
          HostCall.call(Sys.PREAD64, fd, to.address() + done, to.byteSize() - done, offset + done);
      if (n == -Errno.EINTR) {
        continue;
      }
      if (n < 0) {
        throw ErrnoException.of(Errno.EIO);
      }
      if (n == 0) {
        return;
      }
      done += n;
    }
  }

  /**
   * Writes bytes of the Sentry to a file.
   *
   * @throws ErrnoException ENOMEM when the host cannot take them
   */
  static void write(int fd, long offset, MemorySegment from) throws ErrnoException {
    long done = 0;
    while (done < from.byteSize()) {
      long n =
          HostCall.call(
              Sys.PWRITE64, fd, from.address() + done, from.byteSize() - done, offset + done);
      if (n <= 0 && n != -Errno.EINTR) {
        throw ErrnoException.of(Errno.ENOMEM);
      }
      done += Math.max(n, 0);
    }
  }
}
