package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.futex.FutexKey;
import dev.bulwark.sentry.futex.FutexMemory;
import dev.bulwark.sentry.futex.FutexWord;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Application memory of one readable and writable area, everything else is a hole. */
public final class FlatMemory implements UserMemory, FutexMemory {
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

  @Override
  public FutexKey futexKey(long address, boolean processPrivate) {
    return new FutexKey(this, address);
  }

  @Override
  public FutexWord futexWord(long address, boolean store) throws ErrnoException {
    if ((address & 3) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return new UserWord(chunk(address, 4, store));
  }
}
