package dev.bulwark.sentry.net.host;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostSocket;
import dev.bulwark.linux.Statx;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.net.OwnOptions;
import dev.bulwark.sentry.net.PeerCredentials;
import dev.bulwark.sentry.net.Socket;
import dev.bulwark.sentry.vfs.AnonymousInode;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.wait.WaitQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A socket with a socket of the host behind it, which it owns. Thread-safe. */
public abstract class HostedSocket extends Socket implements OwnOptions {
  private static final int FIONREAD = 0x541b;
  private static final int TIOCOUTQ = 0x5411;
  private static final int SOL_SOCKET = 1;
  private static final int SO_ERROR = 4;
  private static final int SO_ACCEPTCONN = 30;

  private final HostSockets sockets;
  private final OptionRules rules;
  private final int fd;

  /**
   * A socket that takes a counted descriptor over. {@link #enter} must follow.
   *
   * @param flags O_NONBLOCK or 0
   */
  protected HostedSocket(
      HostSockets sockets,
      OptionRules rules,
      int fd,
      int type,
      int flags,
      AnonymousInode inode,
      PeerCredentials creator) {
    super(type, OpenFlags.RDWR | flags, inode, creator);
    this.sockets = sockets;
    this.rules = rules;
    this.fd = fd;
  }

  /** Has the socket watched. */
  public final void enter() {
    sockets.enter(this, fd);
  }

  /** The host's descriptor. */
  protected final int fd() {
    return fd;
  }

  /** The host's sockets. */
  protected final HostSockets sockets() {
    return sockets;
  }

  /** The number of the host's inode, by which its lists name the socket; 0 when it has gone. */
  public final long hostInode() {
    if (!acquire()) {
      return 0;
    }
    try {
      Statx statx = new Statx();
      return statx.fill(fd, "") < 0 ? 0 : statx.inode();
    } finally {
      close();
    }
  }

  @Override
  protected void release() {
    sockets.close(this, fd);
  }

  @Override
  public int poll() {
    return HostTransfer.poll(fd);
  }

  @Override
  public void shutdown(int how) throws ErrnoException {
    ErrnoException.check(HostSocket.shutdown(fd, how));
  }

  @Override
  public byte[] name() throws ErrnoException {
    return hostName(false);
  }

  @Override
  public byte[] peerName() throws ErrnoException {
    return hostName(true);
  }

  /** The host's name for one end. */
  protected final byte[] hostName(boolean peer) throws ErrnoException {
    try {
      return HostSocket.name(fd, peer);
    } catch (HostException e) {
      throw ErrnoException.of(e.errno());
    }
  }

  @Override
  public @Nullable WaitQueue otherQueue(@Nullable Task task, byte @Nullable [] address) {
    return null;
  }

  @Override
  public PeerCredentials peerCredentials() {
    return PeerCredentials.NOBODY;
  }

  @Override
  public int takeError() {
    return number(SO_ERROR);
  }

  @Override
  public boolean listening() {
    return number(SO_ACCEPTCONN) != 0;
  }

  private int number(int option) {
    byte[] value = new byte[Integer.BYTES];
    long length = HostSocket.getOption(fd, SOL_SOCKET, option, value);
    return length < Integer.BYTES
        ? 0
        : ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  @Override
  protected long available() {
    return integer(FIONREAD);
  }

  @Override
  protected long unreceived() {
    return integer(TIOCOUTQ);
  }

  /** What an ioctl(2) that stores an int says, or an errno negated. */
  protected final long integer(int request) {
    byte[] value = new byte[Integer.BYTES];
    long r = HostSocket.control(fd, request, value);
    return r < 0 ? r : ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  @Override
  public long setOption(Task task, int level, int name, long value, int length)
      throws ErrnoException {
    OptionRules.Rule rule = rules.forSetting(level, name, task.credentials());
    byte[] bytes = task.memory().readBytes(value, Math.min(length, rule.set()));
    int refused = checkOption(task, level, name, bytes);
    return refused != 0 ? -refused : HostSocket.setOption(fd, level, name, bytes, bytes.length);
  }

  /**
   * Looks at a value that is to be set.
   *
   * @return 0, or the errno with which to refuse it
   */
  protected int checkOption(Task task, int level, int name, byte[] value) {
    return 0;
  }

  @Override
  public byte[] option(Task task, int level, int name, int room) throws ErrnoException {
    byte[] value = new byte[Math.min(room, rules.forGetting(level, name).get())];
    int length = (int) ErrnoException.check(HostSocket.getOption(fd, level, name, value));
    return Arrays.copyOf(value, length);
  }
}
