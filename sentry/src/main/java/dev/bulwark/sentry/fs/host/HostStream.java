package dev.bulwark.sentry.fs.host;

import dev.bulwark.control.FileOwner;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.Statx;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.HostPoller;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opening;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A file that the host handed over open: a pipe, a plain file, a socket or a device such as
 * /dev/null. The file position of a plain file is the host description's own, shared with whoever
 * gave it. Thread-safe.
 */
public final class HostStream extends FileDescription {
  private static final int F_GETFL = 3;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int FIONREAD = 0x541b;

  /**
   * The most bytes of one write to a descriptor that the giver left blocking: a pipe that polls
   * writable takes as many without waiting (pipe(7), PIPE_BUF).
   */
  private static final int UNBLOCKED_WRITE = 4096;

  private final int fd;
  private final int type;
  private final FileOwner owner;
  private final boolean mayBlock;
  private final HostPoller poller;
  private final @Nullable WaitQueue queue;

  private HostStream(int fd, int flags, int type, FileOwner owner, HostPoller poller) {
    super(flags);
    this.fd = fd;
    this.type = type;
    this.owner = owner;
    this.poller = poller;
    WaitQueue own = new WaitQueue();
    queue = poller.watch(fd, own) ? own : null;
    mayBlock = queue != null && (flags & OpenFlags.NONBLOCK) == 0;
  }

  /**
   * Wraps a descriptor, which the description then owns.
   *
   * @param owner whose the file is
   * @throws HostException when it is not open
   */
  public static HostStream of(int fd, FileOwner owner, HostPoller poller) throws HostException {
    int flags = (int) HostCall.check(HostCall.call(Sys.FCNTL, fd, F_GETFL), "descriptor " + fd);
    Statx statx = new Statx();
    HostCall.check(statx.fill(fd, ""), "descriptor " + fd);
    HostStream stream = new HostStream(fd, flags, statx.type(), owner, poller);
    try {
      // That the host's description does not block is our arrangement; the application sees its
      // own.
      stream.setFlags(flags & ~OpenFlags.NONBLOCK);
    } catch (ErrnoException impossible) {
      throw new IllegalStateException(impossible);
    }
    return stream;
  }

  @Override
  protected void release() {
    poller.forget(fd);
    HostFile.close(fd);
  }

  @Override
  public long read(IoBuffer to, long offset) {
    if (!mayBlock) {
      return to.readFrom(fd, offset);
    }
    if ((poll() & (PollEvents.IN | PollEvents.HUP | PollEvents.ERR)) == 0) {
      return -Errno.EAGAIN;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment part = arena.allocate(Math.clamp(to.remaining(), 1, 1 << 16));
      long n = HostCall.call(Sys.READ, fd, part.address(), Math.min(to.remaining(), 1 << 16));
      return n <= 0 ? n : to.put(part.asSlice(0, n));
    }
  }

  @Override
  public long write(IoBuffer from, long offset) {
    if (!mayBlock) {
      return from.writeTo(fd, offset);
    }
    if ((poll() & (PollEvents.OUT | PollEvents.ERR)) == 0) {
      return -Errno.EAGAIN;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment part = arena.allocate(Math.clamp(from.remaining(), 1, UNBLOCKED_WRITE));
      long n = from.remaining() == 0 ? 0 : from.get(part);
      return n < 0 ? n : HostCall.call(Sys.WRITE, fd, part.address(), n);
    }
  }

  @Override
  public boolean writesFully() {
    return queue != null;
  }

  @Override
  public long seek(long offset, int whence) {
    return HostFile.seek(fd, offset, whence);
  }

  @Override
  public long position() {
    return Math.max(0, HostFile.seek(fd, 0, 1));
  }

  @Override
  public int poll() {
    return queue == null ? PollEvents.ALWAYS_READY : HostPoller.ready(fd);
  }

  @Override
  public boolean sendsSignals() {
    return true;
  }

  @Override
  public @Nullable WaitQueue waitQueue() {
    return queue;
  }

  @Override
  public long ioctl(Task task, int request, long argument) throws ErrnoException {
    if (request != FIONREAD || type == Attributes.CHARACTER) {
      return -Errno.ENOTTY;
    }
    int available;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
      ErrnoException.check(HostCall.call(Sys.IOCTL, fd, FIONREAD, count.address()));
      available = count.get(ValueLayout.JAVA_INT, 0);
    }
    task.memory().putInt(argument, available);
    return 0;
  }

  @Override
  public FileDescription reopen(Opening opening) throws ErrnoException {
    if (type == Attributes.SOCKET) {
      throw ErrnoException.of(Errno.ENXIO);
    }
    int wanted = opening.flags() & OpenFlags.ACCESS_MODE;
    boolean admitted =
        (readable() || wanted == OpenFlags.WRONLY) && (writable() || wanted == OpenFlags.RDONLY);
    if (!admitted) {
      throw ErrnoException.of(Errno.EACCES);
    }
    long copy = ErrnoException.check(HostCall.call(Sys.FCNTL, fd, F_DUPFD_CLOEXEC, 0));
    int kept = flags() & ~OpenFlags.ACCESS_MODE;
    int blocking = mayBlock ? 0 : OpenFlags.NONBLOCK;
    HostStream stream = new HostStream((int) copy, kept | wanted | blocking, type, owner, poller);
    stream.setFlags(opening.flags());
    return stream;
  }

  @Override
  public Attributes attributes() throws ErrnoException {
    Statx s = new Statx();
    ErrnoException.check(s.fill(fd, ""));
    return new Attributes(
        s.device(),
        s.inode(),
        s.mode(),
        s.links(),
        owner.user(),
        owner.group(),
        s.special(),
        s.size(),
        s.blockSize(),
        s.blocks(),
        s.accessed(),
        s.modified(),
        s.changed(),
        s.born());
  }

  @Override
  public String describe() {
    Statx s = new Statx();
    long inode = s.fill(fd, "") < 0 ? 0 : s.inode();
    return switch (type) {
      case Attributes.FIFO -> "pipe:[" + inode + "]";
      case Attributes.SOCKET -> "socket:[" + inode + "]";
      case Attributes.CHARACTER -> s.special() == 0x103 ? "/dev/null" : "host:[" + inode + "]";
      default -> "host:[" + inode + "]";
    };
  }
}
