package dev.bulwark.sentry.net;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.UserBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.UserMemory;
import dev.bulwark.sentry.syscall.Blocking;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.time.Timespec;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.wait.WaitQueue;
import java.util.List;

/** Sending and receiving: send(2), recv(2), and their companions. */
final class MessageCalls {
  private static final int MSG_OOB = 0x1;
  private static final int MSG_PEEK = 0x2;
  private static final int MSG_CTRUNC = 0x8;
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_WAITALL = 0x100;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_WAITFORONE = 0x10000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;

  /** Offsets in a {@code struct msghdr}, and its size; a mmsghdr adds a length. */
  private static final int NAME_LENGTH = 8;

  private static final int VECTOR = 16;
  private static final int VECTOR_LENGTH = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int FLAGS = 48;
  private static final int HEADER = 56;
  private static final int MULTI = 64;

  /** The address of a sender that has none, or that need not be told. */
  private static final byte[] NOBODY = {};

  private MessageCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.SENDTO,
        Support.PARTIAL,
        "urgent data (MSG_OOB) is refused with EOPNOTSUPP",
        (t, fd, data, length, flags, address, size) ->
            sendto(t, (int) fd, data, length, (int) flags, address, (int) size));
    table.row(
        Sys.RECVFROM,
        Support.FULL,
        "",
        (t, fd, data, length, flags, address, size) ->
            recvfrom(t, (int) fd, data, length, (int) flags, address, size));
    table.row(
        Sys.SENDMSG,
        Support.PARTIAL,
        "urgent data (MSG_OOB) is refused with EOPNOTSUPP",
        (t, fd, header, flags, _, _, _) -> {
          try (Socket socket = SocketCalls.acquire(t, (int) fd)) {
            return sendmsg(t, socket, header, (int) flags);
          }
        });
    table.row(
        Sys.RECVMSG,
        Support.FULL,
        "",
        (t, fd, header, flags, _, _, _) -> {
          try (Socket socket = SocketCalls.acquire(t, (int) fd)) {
            return recvmsg(t, socket, header, (int) flags);
          }
        });
    table.row(
        Sys.SENDMMSG,
        Support.PARTIAL,
        "urgent data (MSG_OOB) is refused with EOPNOTSUPP",
        (t, fd, headers, count, flags, _, _) ->
            sendmmsg(t, (int) fd, headers, (int) count, (int) flags));
    table.row(
        Sys.RECVMMSG,
        Support.FULL,
        "",
        (t, fd, headers, count, flags, timeout, _) ->
            recvmmsg(t, (int) fd, headers, (int) count, (int) flags, timeout));
  }

  private static long sendto(
      Task task, int fd, long data, long length, int flags, long address, int size)
      throws ErrnoException {
    try (Socket socket = SocketCalls.acquire(task, fd)) {
      byte[] to = address == 0 ? null : SocketCalls.readAddress(task.memory(), address, size);
      UserBuffer buffer = UserBuffer.of(task.memory(), data, length);
      Outgoing message = new Outgoing(buffer, to, List.of(), PeerCredentials.real(task));
      return send(task, socket, message, flags);
    }
  }

  private static long sendmsg(Task task, Socket socket, long header, int flags)
      throws ErrnoException {
    UserMemory memory = task.memory();
    long name = memory.getLong(header);
    int nameLength = memory.getInt(header + NAME_LENGTH);
    byte[] to = null;
    if (name != 0 && nameLength != 0) {
      if (nameLength < 0) {
        return -Errno.EINVAL;
      }
      int length = Math.min(nameLength, SocketCalls.MAX_ADDRESS);
      to = SocketCalls.readAddress(memory, name, length);
    }
    UserBuffer buffer = vector(memory, header);
    ControlMessages.Attached attached =
        ControlMessages.read(
            task, memory.getLong(header + CONTROL), memory.getLong(header + CONTROL_LENGTH));
    try {
      Outgoing message = new Outgoing(buffer, to, attached.rights(), attached.sender());
      return send(task, socket, message, flags);
    } finally {
      attached.close();
    }
  }

  private static UserBuffer vector(UserMemory memory, long header) throws ErrnoException {
    long count = memory.getLong(header + VECTOR_LENGTH);
    if (Long.compareUnsigned(count, UserBuffer.MAX_RANGES) > 0) {
      throw ErrnoException.of(Errno.EMSGSIZE);
    }
    return UserBuffer.ofVector(memory, memory.getLong(header + VECTOR), count);
  }

  private static long send(Task task, Socket socket, Outgoing message, int flags)
      throws ErrnoException {
    if ((flags & MSG_OOB) != 0) {
      return -Errno.EOPNOTSUPP;
    }
    boolean now = socket.nonBlocking() || (flags & MSG_DONTWAIT) != 0;
    long done = 0;
    Outgoing rest = message;
    while (true) {
      long n = sendOnce(task, socket, rest, now);
      if (n == -Errno.EPIPE && socket.raisesSigpipe() && (flags & MSG_NOSIGNAL) == 0) {
        Blocking.brokenPipe(task);
      }
      if (n < 0) {
        return done > 0 ? done : n;
      }
      done += n;
      if (n == 0 || !socket.writesFully() || message.data().remaining() == 0) {
        return done;
      }
      rest = new Outgoing(message.data(), message.address(), List.of(), message.sender());
    }
  }

  private static long sendOnce(Task task, Socket socket, Outgoing message, boolean now)
      throws ErrnoException {
    long n = socket.send(task, message);
    if (n != -Errno.EAGAIN || now) {
      return n;
    }
    WaitQueue room = socket.otherQueue(task, message.address());
    long timeout = socket.options().sendTimeout;
    return SocketCalls.until(task, socket, room, timeout, () -> socket.send(task, message));
  }

  private static long recvfrom(
      Task task, int fd, long data, long length, int flags, long address, long size)
      throws ErrnoException {
    try (Socket socket = SocketCalls.acquire(task, fd)) {
      Incoming message =
          new Incoming(
              UserBuffer.of(task.memory(), data, length),
              (flags & MSG_PEEK) != 0,
              (flags & MSG_TRUNC) != 0);
      long n = receive(task, socket, message, flags);
      message.rights.forEach(FileDescription::close); // recvfrom(2) cannot take them
      if (n >= 0 && address != 0) {
        byte[] from = message.address;
        SocketCalls.writeAddress(task.memory(), address, size, from == null ? NOBODY : from);
      }
      return n;
    }
  }

  private static long receive(Task task, Socket socket, Incoming message, int flags)
      throws ErrnoException {
    if ((flags & MSG_OOB) != 0) { // urgent data is never there
      return socket.type() == Socket.STREAM ? -Errno.EINVAL : -Errno.EOPNOTSUPP;
    }
    boolean now = socket.nonBlocking() || (flags & MSG_DONTWAIT) != 0;
    if (socket.type() == Socket.STREAM && message.data.remaining() == 0) {
      return 0;
    }
    boolean all = (flags & MSG_WAITALL) != 0 && socket.type() == Socket.STREAM && !message.peek;
    long timeout = socket.options().receiveTimeout;
    long done = 0;
    while (true) {
      Blocking.Attempt attempt = () -> socket.receive(message);
      long n = now ? attempt.run() : SocketCalls.until(task, socket, null, timeout, attempt);
      if (n < 0) {
        return done > 0 ? done : n;
      }
      done += n;
      if (!all || n == 0 || message.data.remaining() == 0 || !message.rights.isEmpty()) {
        return done;
      }
    }
  }

  private static long recvmsg(Task task, Socket socket, long header, int flags)
      throws ErrnoException {
    UserMemory memory = task.memory();
    long name = memory.getLong(header);
    int nameLength = memory.getInt(header + NAME_LENGTH);
    if (name != 0 && nameLength < 0) {
      return -Errno.EINVAL;
    }
    long control = memory.getLong(header + CONTROL);
    long controlLength = memory.getLong(header + CONTROL_LENGTH);
    Incoming message =
        new Incoming(vector(memory, header), (flags & MSG_PEEK) != 0, (flags & MSG_TRUNC) != 0);
    long n = receive(task, socket, message, flags);
    if (n < 0) {
      message.rights.forEach(FileDescription::close);
      return n;
    }
    long room = control == 0 || controlLength < 0 ? 0 : controlLength;
    boolean cloexec = (flags & MSG_CMSG_CLOEXEC) != 0;
    ControlMessages.Written written = ControlMessages.write(task, message, control, room, cloexec);
    int result = message.truncated ? MSG_TRUNC : 0;
    result |= written.truncated() ? MSG_CTRUNC : 0;
    result |= flags & MSG_CMSG_CLOEXEC;
    if (name != 0) {
      byte[] from = message.address == null ? NOBODY : message.address;
      memory.write(name, from, 0, Math.min(nameLength, from.length));
      memory.putInt(header + NAME_LENGTH, from.length);
    }
    memory.putLong(header + CONTROL_LENGTH, written.length());
    memory.putInt(header + FLAGS, result);
    return n;
  }

  private static long sendmmsg(Task task, int fd, long headers, int count, int flags)
      throws ErrnoException {
    int most =
        Integer.compareUnsigned(count, UserBuffer.MAX_RANGES) > 0 ? UserBuffer.MAX_RANGES : count;
    try (Socket socket = SocketCalls.acquire(task, fd)) {
      int done = 0;
      long failure = 0;
      while (done < most && failure == 0) {
        long header = headers + (long) done * MULTI;
        try {
          long n = sendmsg(task, socket, header, flags);
          if (n < 0) {
            failure = n;
          } else {
            task.memory().putInt(header + HEADER, (int) n);
            done++;
          }
        } catch (ErrnoException e) {
          failure = -e.errno();
        }
      }
      return done > 0 ? done : failure;
    }
  }

  private static long recvmmsg(Task task, int fd, long headers, int count, int flags, long timeout)
      throws ErrnoException {
    long deadline =
        timeout == 0
            ? Long.MAX_VALUE
            : Timespec.deadline(Timespec.readValid(task.memory(), timeout).toNanos());
    int most =
        Integer.compareUnsigned(count, UserBuffer.MAX_RANGES) > 0 ? UserBuffer.MAX_RANGES : count;
    int wait = flags & ~MSG_WAITFORONE;
    try (Socket socket = SocketCalls.acquire(task, fd)) {
      int failed = socket.takeError();
      if (failed != 0) {
        return -failed;
      }
      int done = 0;
      long failure = 0;
      while (done < most && failure == 0) {
        long header = headers + (long) done * MULTI;
        try {
          long n = recvmsg(task, socket, header, wait);
          if (n < 0) {
            failure = n;
          } else {
            task.memory().putInt(header + HEADER, (int) n);
            done++;
            wait |= (flags & MSG_WAITFORONE) != 0 ? MSG_DONTWAIT : 0;
          }
        } catch (ErrnoException e) {
          failure = -e.errno();
        }
        // As in Linux the time is looked at after each message only.
        if (deadline != Long.MAX_VALUE && deadline - System.nanoTime() <= 0) {
          break;
        }
      }
      if (timeout != 0) {
        long left = Math.max(0, deadline - System.nanoTime());
        Timespec.ofNanos(left).write(task.memory(), timeout);
      }
      return done > 0 ? done : failure;
    }
  }
}
