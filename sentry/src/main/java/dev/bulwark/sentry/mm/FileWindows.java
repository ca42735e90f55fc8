package dev.bulwark.sentry.mm;

import static dev.bulwark.linux.HostCall.call;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The Sentry's own view of files that applications map: a system call whose argument lies in mapped
 * read-only data loads it from here. All address spaces share the windows of a file, which live as
 * long as one of them maps it. Thread-safe.
 *
 * <p>A thread that got a segment keeps no hold on it, and an application may unmap the file while
 * another of its threads is inside a system call. So the address of a window never becomes
 * inaccessible: when the window goes, anonymous memory takes its place, and the place is not used
 * for another file before every call that could have seen the old one is long over.
 */
final class FileWindows {
  /** Bytes of a window; files are cut at its multiples. */
  static final long WINDOW = 1L << 24;

  private static final long ARENA = 1L << 40;
  private static final long SLOTS = ARENA / WINDOW;

  /** The host limits the areas of a process (vm.max_map_count), the Sentry too. */
  private static final int MAX_WINDOWS = 30_000;

  /** Descriptions never block in the host, so no call is at work on a segment for so long. */
  private static final long QUARANTINE_NANOS = 120_000_000_000L;

  private static final int PROT_NONE = 0;
  private static final int PROT_READ = 1;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED_FIXED = 0x11;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
  private static final int MAP_FIXED = 0x10;

  private record Retired(long address, long since) {}

  private final ConcurrentHashMap<Object, Views> files = new ConcurrentHashMap<>();
  private final ArrayDeque<Retired> retired = new ArrayDeque<>();
  private long arena;
  private long slotsUsed;
  private int live;

  /** The windows of one file. */
  private static final class Views {
    final ConcurrentHashMap<Long, MemorySegment> windows = new ConcurrentHashMap<>();
    int users;

    /** The end of the last page that the file was seen to have. */
    volatile long end;
  }

  /** Notes an address space that maps a file. */
  synchronized void retain(Object identity) {
    files.computeIfAbsent(identity, _ -> new Views()).users++;
  }

  /** Notes that an address space maps a file no more; the last one takes the windows along. */
  synchronized void release(Object identity) {
    Views views = files.get(identity);
    if (views != null && --views.users == 0) {
      files.remove(identity);
      views.windows.values().forEach(this::retire);
    }
  }

  private void retire(MemorySegment window) {
    long address = window.address();
    long r =
        call(
            Sys.MMAP,
            address,
            WINDOW,
            PROT_READ_WRITE,
            MAP_PRIVATE_ANONYMOUS_NORESERVE | MAP_FIXED,
            -1,
            0);
    live--;
    if (!HostCall.failed(r)) { // else the window stays what it is, and its place is given up
      retired.add(new Retired(address, System.nanoTime()));
    }
  }

  /**
   * The bytes of a file from an offset on, if the Sentry sees them already.
   *
   * @return at least one byte, at most up to the end of the window or the last page; or null
   */
  @Nullable MemorySegment find(MappedFile file, long offset) {
    Views views = files.get(file.identity());
    if (views == null || offset >= views.end) {
      return null;
    }
    MemorySegment window = views.windows.get(key(file.writable(), offset));
    return window == null ? null : cut(window, views, offset);
  }

  /**
   * The bytes of a file from an offset on. The caller guarantees that the file stays mapped
   * meanwhile, so that its descriptor stays what it is.
   *
   * @throws ErrnoException EFAULT past the end of the file, or when the host refuses a window
   */
  MemorySegment at(MappedFile file, long offset) throws ErrnoException {
    int fd = file.fd();
    boolean write = file.writable();
    Views views = files.get(file.identity());
    if (views == null) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    views.end = Pages.up(Math.max(0, HostFile.size(fd)));
    if (offset >= views.end) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    MemorySegment window = views.windows.get(key(write, offset));
    return cut(window != null ? window : open(views, fd, write, offset), views, offset);
  }

  private static Long key(boolean write, long offset) {
    return offset / WINDOW * 2 + (write ? 1 : 0);
  }

  private static MemorySegment cut(MemorySegment window, Views views, long offset) {
    long from = offset & (WINDOW - 1);
    return window.asSlice(from, Math.min(WINDOW - from, Math.max(1, views.end - offset)));
  }

  private synchronized MemorySegment open(Views views, int fd, boolean write, long offset)
      throws ErrnoException {
    MemorySegment other = views.windows.get(key(write, offset));
    if (other != null) {
      return other;
    }
    long place = live < MAX_WINDOWS ? place() : -1;
    if (place < 0) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    long r =
        call(
            Sys.MMAP,
            place,
            WINDOW,
            write ? PROT_READ_WRITE : PROT_READ,
            MAP_SHARED_FIXED,
            fd,
            offset & -WINDOW);
    if (HostCall.failed(r)) {
      retired.addFirst(new Retired(place, System.nanoTime() - QUARANTINE_NANOS));
      throw ErrnoException.of(Errno.EFAULT);
    }
    live++;
    MemorySegment window = MemorySegment.ofAddress(place).reinterpret(WINDOW);
    views.windows.put(key(write, offset), window);
    return window;
  }

  private long place() {
    Retired oldest = retired.peekFirst();
    if (oldest != null && System.nanoTime() - oldest.since >= QUARANTINE_NANOS) {
      retired.removeFirst();
      return oldest.address;
    }
    if (arena == 0) {
      long r = call(Sys.MMAP, 0, ARENA, PROT_NONE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0);
      if (HostCall.failed(r)) {
        return -1;
      }
      arena = r;
    }
    return slotsUsed == SLOTS ? -1 : arena + slotsUsed++ * WINDOW;
  }

  /** How many windows each file has, for tests and for people. */
  Map<Object, Integer> counts() {
    Map<Object, Integer> counts = new HashMap<>();
    files.forEach((identity, views) -> counts.put(identity, views.windows.size()));
    return counts;
  }
}
