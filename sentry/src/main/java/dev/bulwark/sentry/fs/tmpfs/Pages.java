package dev.bulwark.sentry.fs.tmpfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.platform.MemoryFile;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Pages for contents of small files: parts of one memory file that only the Sentry holds. A page
 * has a number from 1. Thread-safe; its monitor is a leaf.
 */
final class Pages {
  /** Bytes of a page. */
  static final int SIZE = 4096;

  /** How many idle pages keep their memory, for quick reuse. */
  private static final int WARM = 1024;

  private static final long CAPACITY = 1L << 40;
  private static @Nullable Pages shared;

  private final MemoryFile file;
  private int made = 1;
  private int[] free = new int[256];
  private int idle;

  private Pages(MemoryFile file) {
    this.file = file;
  }

  /** The pages of this Sentry; the memory file is made at the first call. */
  static synchronized Pages shared() {
    Pages now = shared;
    if (now == null) {
      try {
        now = new Pages(MemoryFile.create("bulwark-tmpfs", CAPACITY));
      } catch (HostException e) {
        throw new IllegalStateException("no memory file for files in memory: " + e.getMessage(), e);
      }
      shared = now;
    }
    return now;
  }

  /** A page full of zeroes. */
  int take() throws ErrnoException {
    int page;
    synchronized (this) {
      if (idle > 0) {
        page = free[--idle];
      } else {
        if (made == CAPACITY / SIZE) {
          throw ErrnoException.of(Errno.ENOSPC);
        }
        return made++; // never used, and so zero
      }
    }
    file.at(at(page), SIZE).fill((byte) 0);
    return page;
  }

  /** Gives a page back. */
  synchronized void give(int page) {
    if (idle >= WARM) {
      file.free(at(page), SIZE);
    }
    if (idle == free.length) {
      free = Arrays.copyOf(free, idle * 2);
    }
    free[idle++] = page;
  }

  private static long at(int page) {
    return (long) page * SIZE;
  }

  /** Moves bytes of a page to a buffer; result as of {@link IoBuffer#put}. */
  long read(int page, int offset, int length, IoBuffer to) {
    return to.put(file.at(at(page) + offset, length));
  }

  /** Moves bytes of a buffer to a page; result as of {@link IoBuffer#get}. */
  long write(int page, int offset, int length, IoBuffer from) {
    return from.get(file.at(at(page) + offset, length));
  }

  /** Makes bytes of a page zero. */
  void clear(int page, int offset, int length) {
    file.at(at(page) + offset, length).fill((byte) 0);
  }

  /** Writes a page to a host file; the number of bytes, or an errno negated. */
  long copyTo(int page, int fd, long offset, int length) {
    return IoBuffer.of(file.at(at(page), length)).writeTo(fd, offset);
  }

  /** Reads a page from a host file; the number of bytes, or an errno negated. */
  long copyFrom(int page, int fd, long offset, int length) {
    return IoBuffer.of(file.at(at(page), length)).readFrom(fd, offset);
  }
}
