package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Anonymous memory that processes share: what MAP_SHARED with MAP_ANONYMOUS makes, and fork(2)
 * hands on. It has a host file of its own, since whoever maps it may store to all of it. The last
 * mapping that goes takes it along. Thread-safe.
 */
public final class SharedMemory implements Mappable {
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_EXEC = 0x10;
  private static final AtomicLong INODES = new AtomicLong(1);

  private final MemoryAccount account;
  private final int fd;
  private final long inode = INODES.getAndIncrement();
  private int mappings;
  private int readOnly = -1;

  private SharedMemory(MemoryAccount account, int fd) {
    this.account = account;
    this.fd = fd;
  }

  /**
   * Makes an object that is gone when it is mapped no more.
   *
   * @throws ErrnoException ENOMEM when the sandbox has too many of them, or the host refuses
   */
  static SharedMemory create(MemoryAccount account, long size) throws ErrnoException {
    account.addShared();
    long fd;
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom("bulwark-shared").address();
      fd = HostCall.call(Sys.MEMFD_CREATE, name, MFD_CLOEXEC | MFD_EXEC);
      if (fd == -Errno.EINVAL) { // before Linux 6.3 there is no MFD_EXEC
        fd = HostCall.call(Sys.MEMFD_CREATE, name, MFD_CLOEXEC);
      }
    }
    if (fd < 0 || HostCall.call(Sys.FTRUNCATE, fd, size) < 0) {
      if (fd >= 0) {
        HostCall.call(Sys.CLOSE, fd);
      }
      account.removeShared();
      throw ErrnoException.of(Errno.ENOMEM);
    }
    SharedMemory made = new SharedMemory(account, (int) fd);
    account.measure(made, () -> Math.max(0, HostFile.allocated(made.fd)));
    return made;
  }

  /**
   * Makes an object that also lives without mappings; the caller holds it, and lets it go with
   * {@link #mapped}.
   *
   * @param size in bytes; a multiple of the size of a page
   * @throws ErrnoException ENOMEM when the sandbox has too many of them, the size exceeds its
   *     memory, or the host refuses
   */
  public static SharedMemory held(MemoryAccount account, long size) throws ErrnoException {
    if (!account.admits(size)) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    SharedMemory made = create(account, size);
    made.mapped(1);
    return made;
  }

  /** How many bytes of memory it takes now. The caller holds it. */
  public long resident() {
    return Math.max(0, HostFile.allocated(fd));
  }

  @Override
  public synchronized int hostFd(boolean write) throws ErrnoException {
    if (write) {
      return fd;
    }
    if (readOnly < 0) {
      readOnly = dev.bulwark.sentry.io.HostFile.readOnly(fd);
    }
    return readOnly;
  }

  @Override
  public Object identity() {
    return this;
  }

  @Override
  public void mapped(int change) {
    synchronized (this) {
      mappings += change;
      if (mappings > 0) {
        return;
      }
    }
    account.forget(this);
    account.removeShared();
    HostCall.call(Sys.CLOSE, fd);
    if (readOnly >= 0) {
      HostCall.call(Sys.CLOSE, readOnly);
    }
  }

  @Override
  public boolean inMemory() {
    return true;
  }

  @Override
  public String mapsName() {
    return "/dev/zero (deleted)";
  }

  @Override
  public long[] mapsIdentity() {
    return new long[] {1, inode};
  }
}
