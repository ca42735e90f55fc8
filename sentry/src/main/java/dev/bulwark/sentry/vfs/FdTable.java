package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A table of file descriptors, shared by the tasks that were cloned with {@code CLONE_FILES}. It is
 * counted by {@link #share} and {@link #close}; the last close closes every descriptor.
 * Thread-safe: its monitor guards it, and no file is released under it.
 */
public final class FdTable implements AutoCloseable {
  /** The most descriptors that any limit admits (the host's fs.nr_open default). */
  public static final int MAXIMUM = 1 << 20;

  private final AtomicInteger users = new AtomicInteger(1);
  private @Nullable FileDescription[] files = new @Nullable FileDescription[64];
  private final BitSet used = new BitSet();
  private final BitSet closeOnExec = new BitSet();

  /** An empty table with one user. */
  public FdTable() {}

  /** Notes one more task that uses the table. */
  public FdTable share() {
    users.incrementAndGet();
    return this;
  }

  /** Whether more than one task uses it. */
  public boolean shared() {
    return users.get() > 1;
  }

  /** A table with the same descriptors, as fork(2) makes it. */
  public FdTable copy() {
    FdTable copy = new FdTable();
    synchronized (this) {
      copy.files = Arrays.copyOf(files, files.length);
      copy.used.or(used);
      copy.closeOnExec.or(closeOnExec);
      for (int fd = used.nextSetBit(0); fd >= 0; fd = used.nextSetBit(fd + 1)) {
        FileDescription file = files[fd];
        if (file == null || !file.acquire()) {
          throw new IllegalStateException("descriptor " + fd + " refers to a released file");
        }
      }
    }
    return copy;
  }

  /**
   * The file behind a descriptor, with a reference that the caller closes.
   *
   * @throws ErrnoException EBADF
   */
  public synchronized FileDescription acquire(int fd) throws ErrnoException {
    FileDescription file = fd >= 0 && fd < files.length ? files[fd] : null;
    if (file == null || !file.acquire()) {
      throw ErrnoException.of(Errno.EBADF);
    }
    return file;
  }

  /**
   * The file behind a descriptor that is not a mere place (O_PATH), as most calls want it.
   *
   * @throws ErrnoException EBADF
   */
  public FileDescription acquireOpen(int fd) throws ErrnoException {
    FileDescription file = acquire(fd);
    if (file.isPath()) {
      file.close();
      throw ErrnoException.of(Errno.EBADF);
    }
    return file;
  }

  /**
   * Puts a file at the lowest free descriptor; the table takes the caller's reference over when it
   * succeeds.
   *
   * @param least the lowest number that will do
   * @param limit RLIMIT_NOFILE
   * @return the descriptor
   * @throws ErrnoException EMFILE; the reference stays with the caller
   */
  public synchronized int install(FileDescription file, int least, boolean cloexec, long limit)
      throws ErrnoException {
    int fd = used.nextClearBit(least);
    if (fd >= Math.min(limit, MAXIMUM)) {
      throw ErrnoException.of(Errno.EMFILE);
    }
    put(fd, file, cloexec);
    return fd;
  }

  /** Puts a file at a descriptor; what was there is closed. The reference passes to the table. */
  public void replace(int fd, FileDescription file, boolean cloexec) {
    FileDescription old;
    synchronized (this) {
      old = fd < files.length ? files[fd] : null;
      put(fd, file, cloexec);
    }
    if (old != null) {
      old.descriptorClosed(this);
      old.close();
    }
  }

  /**
   * Closes a descriptor, and with it the table's POSIX locks on the file.
   *
   * @throws ErrnoException EBADF
   */
  public void close(int fd) throws ErrnoException {
    FileDescription file = remove(fd);
    file.descriptorClosed(this);
    file.close();
  }

  /** Closes all descriptors of a range. */
  public void closeRange(int first, int last) {
    for (FileDescription file : removeRange(first, last)) {
      file.descriptorClosed(this);
      file.close();
    }
  }

  private void put(int fd, FileDescription file, boolean cloexec) {
    if (fd >= files.length) {
      files = Arrays.copyOf(files, Math.max(fd + 1, files.length * 2));
    }
    files[fd] = file;
    used.set(fd);
    closeOnExec.set(fd, cloexec);
  }

  /**
   * Takes a descriptor out of the table.
   *
   * @return its file, whose reference passes to the caller
   * @throws ErrnoException EBADF
   */
  public synchronized FileDescription remove(int fd) throws ErrnoException {
    FileDescription file = fd >= 0 && fd < files.length ? files[fd] : null;
    if (file == null) {
      throw ErrnoException.of(Errno.EBADF);
    }
    files[fd] = null;
    used.clear(fd);
    closeOnExec.clear(fd);
    return file;
  }

  /** Takes out all descriptors of a range; the references pass to the caller. */
  public synchronized List<FileDescription> removeRange(int first, int last) {
    List<FileDescription> removed = new ArrayList<>();
    for (int fd = used.nextSetBit(first); fd >= 0 && fd <= last; fd = used.nextSetBit(fd + 1)) {
      FileDescription file = files[fd];
      if (file != null) {
        removed.add(file);
      }
      files[fd] = null;
      used.clear(fd);
      closeOnExec.clear(fd);
    }
    return removed;
  }

  /**
   * Whether a descriptor is closed by execve(2).
   *
   * @throws ErrnoException EBADF
   */
  public synchronized boolean closeOnExec(int fd) throws ErrnoException {
    require(fd);
    return closeOnExec.get(fd);
  }

  /**
   * Sets whether a descriptor is closed by execve(2).
   *
   * @throws ErrnoException EBADF
   */
  public synchronized void setCloseOnExec(int fd, boolean cloexec) throws ErrnoException {
    require(fd);
    closeOnExec.set(fd, cloexec);
  }

  /** Marks all descriptors of a range to be closed by execve(2). */
  public synchronized void setCloseOnExec(int first, int last) {
    for (int fd = used.nextSetBit(first); fd >= 0 && fd <= last; fd = used.nextSetBit(fd + 1)) {
      closeOnExec.set(fd);
    }
  }

  private void require(int fd) throws ErrnoException {
    if (fd < 0 || !used.get(fd)) {
      throw ErrnoException.of(Errno.EBADF);
    }
  }

  /** Closes what is marked so, for execve(2). */
  public void executed() {
    List<FileDescription> closing = new ArrayList<>();
    synchronized (this) {
      for (int fd = closeOnExec.nextSetBit(0); fd >= 0; fd = closeOnExec.nextSetBit(fd + 1)) {
        FileDescription file = files[fd];
        if (file != null) {
          closing.add(file);
        }
        files[fd] = null;
        used.clear(fd);
      }
      closeOnExec.clear();
    }
    for (FileDescription file : closing) {
      file.descriptorClosed(this);
      file.close();
    }
  }

  /** How many descriptors there is room for now, which bounds what select(2) looks at. */
  public synchronized int capacity() {
    return files.length;
  }

  /** The descriptors in use, in ascending order. */
  public synchronized int[] descriptors() {
    return used.stream().toArray();
  }

  /** One user less; the last one closes all descriptors. */
  @Override
  public void close() {
    if (users.decrementAndGet() == 0) {
      closeRange(0, Integer.MAX_VALUE);
    }
  }
}
