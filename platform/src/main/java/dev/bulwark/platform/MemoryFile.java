package dev.bulwark.platform;

import static dev.bulwark.linux.HostCall.call;
import static dev.bulwark.linux.HostCall.check;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Memory that the Sentry and stubs share: a memfd, of which the Sentry sees any part by a plain
 * load. The file is sparse; only pages that were touched cost memory. The Sentry maps it in extents
 * of {@link #EXTENT} bytes when they are first asked for. Thread-safe.
 */
public final class MemoryFile implements AutoCloseable {
  /** Bytes mapped at a time, and the granule across which {@link #at} cannot give one segment. */
  public static final long EXTENT = 1L << 28;

  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_EXEC = 0x10;
  private static final int EINVAL = 22;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int FALLOC_FL_PUNCH_HOLE_KEEP_SIZE = 3;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_POPULATE_WRITE = 23;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  /** Enough for code, heap, libraries and stacks of a program, which system calls go back to. */
  private static final int RECENT = 16;

  private record Extent(long index, MemorySegment memory) {}

  private final int fd;
  private final long size;
  private final @Nullable Extent[] recent = new Extent[RECENT];
  private final ConcurrentHashMap<Long, MemorySegment> extents = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private MemoryFile(int fd, long size) {
    this.fd = fd;
    this.size = size;
  }

  /**
   * Makes a memory file.
   *
   * @param name shown in /proc/PID/maps of the host
   * @param size its fixed length in bytes; a multiple of {@link #EXTENT}
   */
  public static MemoryFile create(String name, long size) throws HostException {
    if (size % EXTENT != 0) {
      throw new IllegalArgumentException("size " + size + " is no multiple of the extent");
    }
    long fd;
    try (Arena arena = Arena.ofConfined()) {
      long path = arena.allocateFrom(name).address();
      fd = call(Sys.MEMFD_CREATE, path, MFD_CLOEXEC | MFD_EXEC);
      if (fd == -EINVAL) { // before Linux 6.3 there is no MFD_EXEC, and every memfd is executable
        fd = call(Sys.MEMFD_CREATE, path, MFD_CLOEXEC);
      }
    }
    check(fd, "making the memory file " + name);
    MemoryFile file = new MemoryFile((int) fd, size);
    long r = call(Sys.FTRUNCATE, fd, size);
    if (r != 0) {
      file.close();
      check(r, "sizing the memory file " + name + " to " + size + " bytes");
    }
    return file;
  }

  /** The descriptor, owned by this object. */
  public int fd() {
    return fd;
  }

  /** The fixed length in bytes. */
  public long size() {
    return size;
  }

  /** How many bytes from an offset can be had as one segment: up to the end of its extent. */
  public long span(long offset) {
    return EXTENT - (offset & (EXTENT - 1));
  }

  /**
   * The bytes of a range. Reading a hole gives zeroes; writing fills it.
   *
   * @throws IndexOutOfBoundsException when the range crosses an extent or leaves the file
   */
  public MemorySegment at(long offset, long length) {
    if (offset < 0 || length < 0 || offset > size - length || length > span(offset)) {
      throw new IndexOutOfBoundsException("range " + offset + "+" + length + " of memory file");
    }
    return extent(offset).asSlice(offset & (EXTENT - 1), length);
  }

  /**
   * The whole extent in which an offset lies; index it with the offset's low {@code EXTENT - 1}
   * bits.
   */
  public MemorySegment extent(long offset) {
    long index = offset / EXTENT;
    int place = (int) index & (RECENT - 1);
    Extent known = recent[place];
    if (known != null && known.index == index) {
      return known.memory;
    }
    MemorySegment memory = extents.computeIfAbsent(index, this::map);
    recent[place] = new Extent(index, memory);
    return memory;
  }

  private MemorySegment map(long index) {
    if (closed) {
      throw new IllegalStateException("memory file is closed");
    }
    long address =
        call(Sys.MMAP, 0, EXTENT, PROT_READ_WRITE, MAP_SHARED | MAP_NORESERVE, fd, index * EXTENT);
    if (dev.bulwark.linux.HostCall.failed(address)) {
      throw new IllegalStateException(
          "mapping a memory file failed: " + dev.bulwark.linux.Errno.describe((int) -address));
    }
    return MemorySegment.ofAddress(address).reinterpret(EXTENT);
  }

  /** Gives the pages of a range back to the host; they read as zeroes afterwards. */
  public void free(long offset, long length) {
    call(Sys.FALLOCATE, fd, FALLOC_FL_PUNCH_HOLE_KEEP_SIZE, offset, length);
  }

  /**
   * Makes the host provide the pages of a range, those that were never touched as zeroes, so that
   * {@link #nextData} finds them. As far as the host has memory.
   */
  public void populate(long offset, long length) {
    if (call(Sys.FALLOCATE, fd, 0, offset, length) < 0) {
      return;
    }
    // What fallocate(2) reserves counts as a hole until somebody touches it; the Sentry's own view
    // of the pages is given up again, since it would only cost page tables.
    for (long done = 0; done < length; ) {
      long part = Math.min(length - done, span(offset + done));
      long address = at(offset + done, part).address();
      call(Sys.MADVISE, address, part, MADV_POPULATE_WRITE);
      call(Sys.MADVISE, address, part, MADV_DONTNEED);
      done += part;
    }
  }

  /**
   * The first offset at or after {@code offset} that holds memory; {@link #size} when there is
   * none.
   */
  public long nextData(long offset) {
    long r = call(Sys.LSEEK, fd, offset, SEEK_DATA);
    return r < 0 ? size : r;
  }

  /** The first offset at or after {@code offset} that holds none. */
  public long nextHole(long offset) {
    long r = call(Sys.LSEEK, fd, offset, SEEK_HOLE);
    return r < 0 ? size : r;
  }

  /** Unmaps and closes the file. No segment of it may be used by any thread afterwards. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    Arrays.fill(recent, null);
    extents.values().forEach(extent -> call(Sys.MUNMAP, extent.address(), EXTENT));
    extents.clear();
    call(Sys.CLOSE, fd);
  }
}
