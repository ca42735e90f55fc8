package dev.bulwark.sentry.net.inet;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostMessage;
import dev.bulwark.linux.HostSocket;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.net.Incoming;
import dev.bulwark.sentry.net.MessageFlags;
import dev.bulwark.sentry.net.Outgoing;
import dev.bulwark.sentry.net.PeerCredentials;
import dev.bulwark.sentry.net.Socket;
import dev.bulwark.sentry.net.host.HostTransfer;
import dev.bulwark.sentry.net.host.HostedSocket;
import dev.bulwark.sentry.vfs.AnonymousInode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A TCP, UDP or ICMP socket. */
public final class InetSocket extends HostedSocket {
  /** AF_INET. */
  public static final int INET = 2;

  /** AF_INET6. */
  public static final int INET6 = 10;

  private static final int SENT_FLAGS =
      MessageFlags.OOB
          | MessageFlags.DONTROUTE
          | MessageFlags.EOR
          | MessageFlags.CONFIRM
          | MessageFlags.MORE
          | MessageFlags.FASTOPEN;
  private static final int RECEIVED_FLAGS =
      MessageFlags.OOB | MessageFlags.PEEK | MessageFlags.TRUNC | MessageFlags.ERRQUEUE;

  private static final int SIOCATMARK = 0x8905;
  private static final int SIOCGSTAMP = 0x8906;
  private static final int SIOCGSTAMPNS = 0x8907;
  private static final int SIOCOUTQNSD = 0x894b;
  private static final int TIMESPEC = 16;
  private static final int LINGER_SIZE = 8;
  private static final int MAX_FREE_PRIORITY = 6;
  private static final byte[] NOTHING = {};

  private final HostStack stack;
  private final int domain;
  private final byte[] acceptedFrom;
  private final HostTransfer transfer;

  /** Seconds of SO_LINGER when close(2) would wait, which is kept from the host; 0 for none. */
  private volatile int linger;

  InetSocket(
      HostStack stack,
      int fd,
      int domain,
      int type,
      int flags,
      AnonymousInode inode,
      PeerCredentials creator,
      byte[] acceptedFrom) {
    super(stack.sockets(), InetOptions.RULES, fd, type, flags, inode, creator);
    this.stack = stack;
    this.domain = domain;
    this.acceptedFrom = acceptedFrom;
    transfer = new HostTransfer(fd, type == STREAM);
  }

  @Override
  public int domain() {
    return domain;
  }

  @Override
  public boolean ownMessages() {
    return true;
  }

  @Override
  public void bind(Task task, byte[] address) throws ErrnoException {
    stack.checkPort(task, this, address);
    ErrnoException.check(stack.sockets().bind(fd(), address));
  }

  @Override
  public void listen(Task task, int backlog) throws ErrnoException {
    ErrnoException.check(HostSocket.listen(fd(), backlog));
  }

  @Override
  public long connect(Task task, byte[] address) {
    return HostSocket.connect(fd(), address);
  }

  @Override
  public @Nullable Socket accept(Task task, int flags) throws ErrnoException {
    return stack.accept(task, this, flags);
  }

  /** The host's descriptor, for {@link HostStack}. */
  int hostDescriptor() {
    return fd();
  }

  /** Takes over what the host does not know of the options of a listening socket. */
  void inherit(InetSocket listener) {
    options().inherit(listener.options());
    linger = listener.linger;
  }

  @Override
  public byte[] acceptedFrom() {
    return acceptedFrom;
  }

  @Override
  public long write(IoBuffer from, long offset) {
    return offset == AT_POSITION ? transfer.send(from, 0) : -Errno.ESPIPE;
  }

  @Override
  public long read(IoBuffer to, long offset) {
    if (offset != AT_POSITION) {
      return -Errno.ESPIPE;
    }
    return to.remaining() == 0 ? 0 : transfer.receive(to, 0);
  }

  @Override
  public long send(@Nullable Task task, Outgoing message) throws ErrnoException {
    int flags = message.flags() & SENT_FLAGS;
    byte[] address = message.address();
    if (address == null && message.control().length == 0) {
      return transfer.send(message.data(), flags);
    }
    try (HostMessage out = HostMessage.take()) {
      if (address != null) {
        out.setAddress(address);
      }
      byte[] control = InetControl.checked(message.control());
      if (control.length > 0) {
        out.setControl(control);
      }
      return transfer.send(out, message.data(), flags);
    }
  }

  @Override
  public long receive(Incoming message) {
    int flags = message.flags & RECEIVED_FLAGS;
    boolean bytesAlone =
        !message.wantsFlags
            && (!message.wantsAddress
                || (type() == STREAM && (flags & MessageFlags.ERRQUEUE) == 0));
    if (bytesAlone) {
      return transfer.receive(message.data, flags);
    }
    try (HostMessage in = HostMessage.take()) {
      long n = transfer.receive(in, message.data, flags, message.controlRoom);
      if (n >= 0) {
        byte[] from = in.address();
        message.address = from.length == 0 ? null : from;
        message.control = in.control();
        message.result = in.flags() & ~MessageFlags.CMSG_CLOEXEC;
      }
      return n;
    }
  }

  @Override
  public long ioctl(Task task, int request, long argument) throws ErrnoException {
    switch (request) {
      case SIOCATMARK, SIOCOUTQNSD -> {
        long value = integer(request);
        if (value >= 0) {
          task.memory().putInt(argument, (int) value);
        }
        return Math.min(value, 0);
      }
      case SIOCGSTAMP, SIOCGSTAMPNS -> {
        byte[] time = new byte[TIMESPEC];
        long r = HostSocket.control(fd(), request, time);
        if (r >= 0) {
          task.memory().write(argument, time);
        }
        return r;
      }
      default -> {
        return super.ioctl(task, request, argument);
      }
    }
  }

  @Override
  protected int checkOption(Task task, int level, int name, byte[] value) {
    if (level == InetOptions.TCP && name == InetOptions.CONGESTION) {
      return stack.hasCongestionControl(text(value)) ? 0 : Errno.ENOENT;
    }
    if (level == InetOptions.SOCKET && value.length >= Integer.BYTES) {
      int number = number(value, 0);
      if (name == InetOptions.DEBUG && number != 0) {
        return Errno.EACCES;
      }
      if (name == InetOptions.PRIORITY
          && (number < 0 || number > MAX_FREE_PRIORITY)
          && !task.credentials().has(Capability.NET_ADMIN)
          && !task.credentials().has(Capability.NET_RAW)) {
        return Errno.EPERM;
      }
    }
    return 0;
  }

  /** The bytes before the first NUL. */
  private static String text(byte[] value) {
    String all = new String(value, StandardCharsets.ISO_8859_1);
    int end = all.indexOf('\0');
    return end < 0 ? all : all.substring(0, end);
  }

  private static int number(byte[] value, int at) {
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  /**
   * As {@link HostedSocket#setOption}, but a time to linger stays here: with it the host would keep
   * the thread that closes the socket.
   */
  @Override
  public long setOption(Task task, int level, int name, long value, int length)
      throws ErrnoException {
    if (level != InetOptions.SOCKET || name != InetOptions.LINGER || length < LINGER_SIZE) {
      return super.setOption(task, level, name, value, length);
    }
    byte[] wanted = task.memory().readBytes(value, LINGER_SIZE);
    boolean waits = number(wanted, 0) != 0 && number(wanted, 4) != 0;
    linger = waits ? number(wanted, 4) : 0;
    return HostSocket.setOption(
        fd(), level, name, waits ? new byte[LINGER_SIZE] : wanted, LINGER_SIZE);
  }

  @Override
  public byte[] option(Task task, int level, int name, int room) throws ErrnoException {
    int seconds = linger;
    if (level == InetOptions.SOCKET && name == InetOptions.LINGER && seconds != 0) {
      ByteBuffer both = ByteBuffer.allocate(LINGER_SIZE).order(ByteOrder.LITTLE_ENDIAN);
      return Arrays.copyOf(both.putInt(1).putInt(seconds).array(), Math.min(room, LINGER_SIZE));
    }
    return super.option(task, level, name, room);
  }

  /** The address of a socket that was not accepted. */
  static byte[] noAddress() {
    return NOTHING;
  }
}
