package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Application memory of one readable and writable area, everything else is a hole. */
public final class FlatMemory implements UserMemory {
  /** Where the area starts. */
  public static final long BASE = 0x10000;

  private final MemorySegment area;

  /** An area of that many bytes, all zero. */
  public FlatMemory(long size) {
    area = Arena.ofAuto().allocate(size, 4096);
  }

  @Override
  public MemorySegment chunk(long address, long length, boolean store) throws ErrnoException {
    long offset = address - BASE;
    if (offset < 0 || offset >= area.byteSize()) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    return area.asSlice(offset, Math.min(length, area.byteSize() - offset));
  }
}
