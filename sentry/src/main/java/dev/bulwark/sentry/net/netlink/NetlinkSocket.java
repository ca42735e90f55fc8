package dev.bulwark.sentry.net.netlink;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostSocket;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.net.Incoming;
import dev.bulwark.sentry.net.Outgoing;
import dev.bulwark.sentry.net.PeerCredentials;
import dev.bulwark.sentry.net.Socket;
import dev.bulwark.sentry.net.host.HostSockets;
import dev.bulwark.sentry.net.host.HostedSocket;
import dev.bulwark.sentry.net.host.OptionRules;
import dev.bulwark.sentry.vfs.AnonymousInode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A socket of NETLINK_ROUTE. Answers of our own take their turn among those of the host: for each
 * one the host is asked to acknowledge a message that does nothing, in whose place it is received.
 *
 * <p>Its monitor guards its own answers and its port, and is a leaf but for the monitor of the
 * {@link NetlinkSystem}.
 */
public final class NetlinkSocket extends HostedSocket {
  /** The longest message that is sent. */
  private static final int MAX_REQUEST = 32 << 10;

  /** The longest datagram that the host answers with. */
  private static final int MAX_REPLY = 64 << 10;

  /** How many answers of our own wait; for more, sending fails with ENOBUFS. */
  private static final int MAX_ANSWERS = 64;

  private static final int SOL_NETLINK = 270;
  private static final int ADD_MEMBERSHIP = 1;
  private static final int DROP_MEMBERSHIP = 2;
  private static final int CAP_ACK = 10;

  /** Groups that exist in rtnetlink(7), the last of them. */
  private static final int LAST_GROUP = 37;

  private static final OptionRules RULES =
      new OptionRules(
          """
          1 3:0:4 4:0:4 7:4:4 8:4:4 33:4:0:12 30:0:4 38:0:4 39:0:4
          270 1:4:0 2:4:0 4:4:4 5:4:4 9:0:64 10:4:4 11:4:4 12:4:4
          """);

  private final NetlinkSystem system;
  private final int hostPort;

  /** By the numbers of their markers, in the order in which they were sent. */
  private final LinkedHashMap<Integer, byte[]> answers = new LinkedHashMap<>();

  private int lastMarker;
  private int port;
  private boolean bound;
  private volatile boolean capped;

  NetlinkSocket(
      NetlinkSystem system,
      HostSockets sockets,
      int fd,
      int hostPort,
      int type,
      int flags,
      AnonymousInode inode,
      PeerCredentials creator) {
    super(sockets, RULES, fd, type, flags, inode, creator);
    this.system = system;
    this.hostPort = hostPort;
  }

  @Override
  public int domain() {
    return NetlinkSystem.AF_NETLINK;
  }

  private synchronized int bound(int pid) {
    if (!bound) {
      port = system.choose(pid);
      bound = true;
    }
    return port;
  }

  @Override
  public void bind(Task task, byte[] bytes) throws ErrnoException {
    NetlinkAddress wanted = NetlinkAddress.parse(bytes);
    synchronized (this) {
      if (bound && wanted.port() != port) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      if (!bound && wanted.port() != 0) {
        system.reserve(wanted.port());
        port = wanted.port();
        bound = true;
      }
    }
    bound(task.process().pid());
    NetlinkAddress onHost = new NetlinkAddress(hostPort, wanted.groups());
    ErrnoException.check(HostSocket.bind(fd(), onHost.encode()));
  }

  @Override
  public void listen(Task task, int backlog) throws ErrnoException {
    throw ErrnoException.of(Errno.EOPNOTSUPP);
  }

  @Override
  public @Nullable Socket accept(Task task, int flags) throws ErrnoException {
    throw ErrnoException.of(Errno.EOPNOTSUPP);
  }

  @Override
  public void shutdown(int how) throws ErrnoException {
    throw ErrnoException.of(Errno.EOPNOTSUPP);
  }

  /** Only the kernel can be talked to. */
  @Override
  public long connect(Task task, byte[] bytes) throws ErrnoException {
    if (bytes.length >= 2 && bytes[0] == 0 && bytes[1] == 0) {
      return 0;
    }
    requireKernel(NetlinkAddress.parse(bytes));
    bound(task.process().pid());
    return 0;
  }

  private static void requireKernel(NetlinkAddress to) throws ErrnoException {
    if (to.groups() != 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
    if (to.port() != 0) {
      throw ErrnoException.of(Errno.ECONNREFUSED);
    }
  }

  @Override
  public byte[] name() throws ErrnoException {
    int groups = NetlinkAddress.parse(hostName(false)).groups();
    synchronized (this) {
      return new NetlinkAddress(port, groups).encode();
    }
  }

  @Override
  public byte[] peerName() {
    return new NetlinkAddress(0, 0).encode();
  }

  @Override
  public long send(@Nullable Task task, Outgoing message) throws ErrnoException {
    byte[] to = message.address();
    if (to != null && to.length > 0) {
      requireKernel(NetlinkAddress.parse(to));
    }
    long length = message.data().remaining();
    if (length > MAX_REQUEST) {
      return -Errno.EMSGSIZE;
    }
    byte[] requests = new byte[(int) length];
    long n = message.data().get(requests, 0, (int) length);
    if (n < length) {
      return -Errno.EFAULT;
    }
    bound(message.sender().pid());
    Task sender = task == null ? Task.current() : task;
    boolean admin = sender != null && sender.credentials().has(Capability.NET_ADMIN);
    ByteBuffer header = ByteBuffer.wrap(requests).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (requests.length - at >= RouteRequest.HEADER) {
      int size = header.getInt(at);
      if (size < RouteRequest.HEADER || size > requests.length - at) {
        break; // as Linux, which drops the rest
      }
      long failed = process(Arrays.copyOfRange(requests, at, at + size), admin);
      if (failed < 0) {
        return failed;
      }
      at += Math.min(requests.length - at, (size + 3) & ~3);
    }
    return length;
  }

  private long process(byte[] request, boolean admin) {
    int flags = ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN).getShort(6);
    byte[] built;
    try {
      built = (flags & RouteRequest.REQUEST) == 0 ? null : RouteRequest.build(request, admin);
    } catch (ErrnoException refusal) {
      return answer(request, refusal.errno());
    }
    if (built == null) {
      return (flags & RouteRequest.ACK) != 0 ? answer(request, 0) : 0;
    }
    return Math.min(0, HostSocket.sendWhole(fd(), built));
  }

  private long answer(byte[] request, int errno) {
    int marker;
    synchronized (this) {
      if (answers.size() == MAX_ANSWERS) {
        return -Errno.ENOBUFS;
      }
      marker = ++lastMarker;
      answers.put(marker, RouteRequest.answer(request, errno, port, capped));
    }
    long sent = HostSocket.sendWhole(fd(), RouteRequest.marker(marker));
    if (sent < 0) {
      take(marker, false);
    }
    return Math.min(0, sent);
  }

  private synchronized byte @Nullable [] take(int marker, boolean peek) {
    return peek ? answers.get(marker) : answers.remove(marker);
  }

  @Override
  public long receive(Incoming message) throws ErrnoException {
    byte[] datagram;
    try {
      datagram = next(message.peek);
    } catch (HostException e) {
      return -e.errno();
    }
    long room = message.data.remaining();
    int stored = (int) Math.min(room, datagram.length);
    long n = message.data.put(datagram, 0, stored);
    if (n < stored) {
      return -Errno.EFAULT;
    }
    message.truncated = datagram.length > room;
    message.address = new NetlinkAddress(0, 0).encode();
    if (options().passCredentials()) {
      message.sender = new PeerCredentials(0, 0, 0);
    }
    return message.wholeLength ? datagram.length : n;
  }

  /** The next datagram that makes sense, of the host's or our own. EAGAIN and others. */
  private byte[] next(boolean peek) throws HostException {
    int own;
    synchronized (this) {
      own = port;
    }
    while (true) {
      byte[] datagram = HostSocket.receiveWhole(fd(), MAX_REPLY, peek);
      Integer marker = RouteRequest.markerOf(datagram);
      byte[] answer = marker == null ? null : take(marker, peek);
      if (answer != null) {
        return answer;
      }
      if (marker == null && RouteReply.renumber(datagram, hostPort, own)) {
        return datagram;
      }
      if (peek) {
        HostSocket.receiveWhole(fd(), MAX_REPLY, false); // so that the next one comes
      }
    }
  }

  @Override
  protected int checkOption(Task task, int level, int name, byte[] value) {
    if (level != SOL_NETLINK || value.length < Integer.BYTES) {
      return 0;
    }
    int number = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (name == ADD_MEMBERSHIP || name == DROP_MEMBERSHIP) {
      return number < 1 || number > LAST_GROUP ? Errno.EINVAL : 0;
    }
    if (name == CAP_ACK) {
      capped = number != 0;
    }
    return 0;
  }

  @Override
  protected void release() {
    synchronized (this) {
      if (bound) {
        system.release(port);
      }
    }
    super.release();
  }
}
