package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An open file description (open(2)): what descriptors in any number of tables refer to. It is
 * counted: every descriptor holds a reference, and so does every call in progress, so that the host
 * resources behind it are not given back under a call's feet. Thread-safe.
 *
 * <p>No operation blocks. One that cannot go on now returns EAGAIN negated, whatever {@code
 * O_NONBLOCK} says; the caller decides whether to sleep on {@link #waitQueue}. Subclasses answer
 * for their own file position.
 */
public abstract class FileDescription implements AutoCloseable {
  /** Flags that fcntl(F_SETFL) can change. */
  public static final int SETTABLE_FLAGS =
      OpenFlags.APPEND
          | OpenFlags.ASYNC
          | OpenFlags.DIRECT
          | OpenFlags.NOATIME
          | OpenFlags.NONBLOCK;

  /** Flags that concern open(2) or the descriptor, not the description. */
  private static final int TRANSIENT_FLAGS =
      OpenFlags.CLOEXEC | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOCTTY | OpenFlags.TRUNC;

  /** The offset argument that means the description's own position. */
  public static final long AT_POSITION = -1;

  private final AtomicInteger references = new AtomicInteger(1);
  private volatile int flags;
  private volatile @Nullable Location nowhere;
  private volatile @Nullable FileLocks locks;
  private volatile @Nullable AsyncOwner asyncOwner;
  private volatile int asyncSignal;
  private volatile @Nullable SignalDriven signalDriven;
  private volatile @Nullable DirectoryNotice notice;

  /** What to tell of the end; guarded by the monitor of {@link #references}. */
  private List<Runnable> endings = List.of();

  /**
   * A description with one reference, the caller's.
   *
   * @param flags access mode and status flags of {@link OpenFlags}
   */
  protected FileDescription(int flags) {
    this.flags = flags & ~TRANSIENT_FLAGS;
  }

  /** Access mode and status flags, as fcntl(F_GETFL) gives them. */
  public final int flags() {
    return flags;
  }

  /** fcntl(F_SETFL): replaces what of {@link #SETTABLE_FLAGS} can be replaced. */
  public void setFlags(int wanted) throws ErrnoException {
    flags = (flags & ~SETTABLE_FLAGS) | (wanted & SETTABLE_FLAGS);
  }

  /** Whether the access mode admits reading. */
  public final boolean readable() {
    int mode = flags & OpenFlags.ACCESS_MODE; // 3 admits neither, only ioctl(2)
    return (mode == OpenFlags.RDONLY || mode == OpenFlags.RDWR) && !isPath();
  }

  /** Whether the access mode admits writing. */
  public final boolean writable() {
    int mode = flags & OpenFlags.ACCESS_MODE;
    return (mode == OpenFlags.WRONLY || mode == OpenFlags.RDWR) && !isPath();
  }

  /** Whether it was opened with {@code O_PATH}. */
  public final boolean isPath() {
    return (flags & OpenFlags.PATH) != 0;
  }

  /** Whether calls shall not wait. */
  public final boolean nonBlocking() {
    return (flags & OpenFlags.NONBLOCK) != 0;
  }

  /**
   * Takes another reference.
   *
   * @return false when the last one is gone already
   */
  public final boolean acquire() {
    int now;
    do {
      now = references.get();
      if (now == 0) {
        return false;
      }
    } while (!references.compareAndSet(now, now + 1));
    return true;
  }

  /** Gives a reference back; the last one releases the file. */
  @Override
  public final void close() {
    if (references.decrementAndGet() == 0) {
      List<Runnable> ended;
      synchronized (references) {
        ended = endings;
        endings = List.of();
      }
      ended.forEach(Runnable::run);
      if (signalDriven != null) {
        driveBySignals(-1, false);
      }
      DirectoryNotice told = notice;
      if (told != null) {
        told.end();
      }
      FileLocks held = locks;
      if (held != null) {
        held.release(this);
      }
      release();
    }
  }

  /** Has something run when the last reference is gone, before the release. */
  public final void atEnd(Runnable ending) {
    synchronized (references) {
      List<Runnable> next = new ArrayList<>(endings);
      next.add(ending);
      endings = next;
    }
  }

  /** Takes back what {@link #atEnd} was given. */
  public final void notAtEnd(Runnable ending) {
    synchronized (references) {
      List<Runnable> next = new ArrayList<>(endings);
      next.remove(ending);
      endings = next;
    }
  }

  /** A descriptor of a table was closed: the POSIX locks of its process go (fcntl(2)). */
  final void descriptorClosed(FdTable table) {
    flush();
    FileLocks held = locks;
    if (held != null) {
      held.release(table);
    }
    FileLocks onFile = locksOnFile();
    if (onFile != null && !onFile.equals(held)) {
      onFile.release(table); // taken through another description of the same file
    }
  }

  /** A descriptor of the current task's was closed, whether or not it was the last one. */
  protected void flush() {}

  /** The locks on the file by whomever, or null when there never were any. */
  protected @Nullable FileLocks locksOnFile() {
    return null;
  }

  /** The locks on the file; those that this description takes go when it does. */
  public final FileLocks locks() {
    FileLocks now = location().inode().locks();
    locks = now;
    return now;
  }

  /** Who is told of input and output (F_SETOWN); null when nobody is. */
  public final @Nullable AsyncOwner asyncOwner() {
    return asyncOwner;
  }

  /** Sets what {@link #asyncOwner} gives. */
  public final void setAsyncOwner(@Nullable AsyncOwner next) {
    asyncOwner = next;
  }

  /** The signal that tells of input and output (F_SETSIG); 0 for SIGIO without particulars. */
  public final int asyncSignal() {
    return asyncSignal;
  }

  /** Sets what {@link #asyncSignal} gives. */
  public final void setAsyncSignal(int signal) {
    asyncSignal = signal;
  }

  /** What is told by signals of a directory (F_NOTIFY); null when nothing is. */
  final @Nullable DirectoryNotice notice() {
    return notice;
  }

  /** Notes a notice unless there is one; gives the one that is there then. */
  final DirectoryNotice keepNotice(DirectoryNotice next) {
    synchronized (references) {
      DirectoryNotice now = notice;
      if (now == null) {
        now = next;
        notice = next;
      }
      return now;
    }
  }

  /** Forgets a notice; false when another one, or none, is there. */
  final boolean clearNotice(DirectoryNotice which) {
    synchronized (references) {
      boolean was = which.equals(notice);
      if (was) {
        notice = null;
      }
      return was;
    }
  }

  /** Whether it was opened with these credentials, unchanged since: they vouch for a place. */
  public boolean openedWith(Credentials credentials) {
    return false;
  }

  /** Whether {@code O_ASYNC} has an effect, as on pipes, terminals, sockets and inotify. */
  public boolean sendsSignals() {
    return false;
  }

  /**
   * {@code O_ASYNC} was set or cleared: begins or ends to send signals.
   *
   * @param fd the descriptor that the signals name
   */
  public final void driveBySignals(int fd, boolean on) {
    WaitQueue queue = sendsSignals() ? waitQueue() : null;
    if (queue == null) {
      return;
    }
    synchronized (references) {
      SignalDriven old = signalDriven;
      if (old != null) {
        queue.remove(old);
      }
      SignalDriven next = on ? new SignalDriven(this, fd) : null;
      signalDriven = next;
      if (next != null) {
        queue.add(next, next.wanted());
      }
    }
  }

  /** The last reference is gone: gives back what the description holds. */
  protected void release() {}

  /**
   * Reads.
   *
   * @param offset where, or {@link #AT_POSITION}
   * @return bytes moved, 0 at the end, or negated: EAGAIN, ESPIPE for an offset in a file that has
   *     no positions, EINVAL when it cannot be read at all
   */
  public long read(IoBuffer to, long offset) {
    return -Errno.EINVAL;
  }

  /** Writes; parameters and result as in {@link #read}. */
  public long write(IoBuffer from, long offset) {
    return -Errno.EINVAL;
  }

  /**
   * Reads for a task, which a terminal may stop, or keep waiting where its settings bound the wait;
   * otherwise as {@link #read(IoBuffer, long)}.
   *
   * @return ERESTARTSYS negated, too, when the task was stopped or interrupted
   */
  public long read(Task task, IoBuffer to, long offset) throws ErrnoException {
    return read(to, offset);
  }

  /** Writes for a task, which a terminal may stop; otherwise as {@link #write(IoBuffer, long)}. */
  public long write(Task task, IoBuffer from, long offset) throws ErrnoException {
    return write(from, offset);
  }

  /**
   * lseek(2).
   *
   * @return the new position, or negated: ESPIPE, EINVAL, ENXIO
   */
  public long seek(long offset, int whence) {
    return -Errno.ESPIPE;
  }

  /** The {@link PollEvents} that hold now. */
  public int poll() {
    return PollEvents.ALWAYS_READY;
  }

  /**
   * Where to wait for {@link #poll} to change; null for a file that is always ready, which epoll
   * refuses with EPERM.
   */
  public @Nullable WaitQueue waitQueue() {
    return null;
  }

  /**
   * ioctl(2) that the file itself answers; those of all files (FIONBIO, FIOCLEX) are answered
   * before.
   *
   * @return the result, or an errno negated; ENOTTY for an unknown request
   */
  public long ioctl(Task task, int request, long argument) throws ErrnoException {
    return -Errno.ENOTTY;
  }

  /**
   * A command of fcntl(2) that is for this kind of file, such as F_SETPIPE_SZ; those of all files
   * are answered before.
   *
   * @return the result, or an errno negated; EINVAL for an unknown command
   */
  public long fcntl(Task task, int command, long argument) throws ErrnoException {
    return -Errno.EINVAL;
  }

  /**
   * Whether a blocking write goes on until all is written, as those to pipes, terminals and stream
   * sockets do.
   */
  public boolean writesFully() {
    return false;
  }

  /** The longest that a blocking read waits, in nanoseconds (SO_RCVTIMEO); 0 for ever. */
  public long readTimeout() {
    return 0;
  }

  /** The longest that a blocking write waits, in nanoseconds (SO_SNDTIMEO); 0 for ever. */
  public long writeTimeout() {
    return 0;
  }

  /** Whether a write that fails with EPIPE also sends SIGPIPE. */
  public boolean raisesSigpipe() {
    return true;
  }

  /**
   * Lists a directory from the position on, and moves the position.
   *
   * @throws ErrnoException ENOTDIR, or ENOENT for a removed directory
   */
  public void readDirectory(DirectorySink sink) throws ErrnoException {
    throw ErrnoException.of(Errno.ENOTDIR);
  }

  /** The file position; 0 for files that have none. */
  public long position() {
    return 0;
  }

  /**
   * Where it was found in the tree of files. A pipe, socket or other file without a name has a
   * location of its own that no path leads to.
   */
  public Location location() {
    Location now = nowhere;
    if (now == null) {
      now = AnonymousFiles.locate(this);
      nowhere = now;
    }
    return now;
  }

  /**
   * Opens the file behind it anew, because a path such as /proc/self/fd/1 or /dev/stdout led here.
   * Asked only of files without a name.
   *
   * @throws ErrnoException ENXIO when it cannot be opened, such as a socket
   */
  public FileDescription reopen(Opening opening) throws ErrnoException {
    throw ErrnoException.of(Errno.ENXIO);
  }

  /**
   * Changes the attributes of a file without a name, as fchmod(2) does.
   *
   * @throws ErrnoException EPERM and others
   */
  public void setAttributes(AttributeChange change) throws ErrnoException {
    throw ErrnoException.of(Errno.EPERM);
  }

  /** What fstat(2) tells. */
  public abstract Attributes attributes() throws ErrnoException;

  /** What the link in /proc/PID/fd says, such as {@code pipe:[12]} or an absolute path. */
  public abstract String describe();

  /**
   * What mmap(2) would map.
   *
   * @throws ErrnoException ENODEV when it cannot be mapped
   */
  public Mappable mappable() throws ErrnoException {
    throw ErrnoException.of(Errno.ENODEV);
  }

  /** Lines that /proc/PID/fdinfo adds for this kind of file; each ends with a newline. */
  public String fdInfo() {
    return "";
  }
}
