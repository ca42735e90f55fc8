package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A file whose byte at {@code i} is {@code i / 4096 + 1} at first. */
final class TestFile implements Mappable {
  final int fd;
  final boolean writable;
  int mappings;

  /** Runs whenever the file is asked or told something. */
  Runnable onUse = () -> {};

  TestFile(long size, boolean writable) {
    this.writable = writable;
    try (Arena arena = Arena.ofConfined()) {
      fd = (int) HostCall.call(Sys.MEMFD_CREATE, arena.allocateFrom("test").address(), 1);
      byte[] bytes = new byte[(int) size];
      for (int i = 0; i < size; i++) {
        bytes[i] = (byte) (i / 4096 + 1);
      }
      MemorySegment copy = arena.allocate(size).copyFrom(MemorySegment.ofArray(bytes));
      HostCall.call(Sys.PWRITE64, fd, copy.address(), size, 0);
    }
  }

  void truncate(long size) {
    HostCall.call(Sys.FTRUNCATE, fd, size);
  }

  void close() {
    HostCall.call(Sys.CLOSE, fd);
  }

  @Override
  public int hostFd(boolean write) throws ErrnoException {
    onUse.run();
    if (write && !writable) {
      throw ErrnoException.of(Errno.EACCES);
    }
    return fd;
  }

  @Override
  public Object identity() {
    return this;
  }

  @Override
  public void mapped(int change) {
    onUse.run();
    mappings += change;
  }

  @Override
  public String mapsName() {
    return "/test";
  }

  @Override
  public long[] mapsIdentity() {
    return new long[] {0x801, 42};
  }
}
