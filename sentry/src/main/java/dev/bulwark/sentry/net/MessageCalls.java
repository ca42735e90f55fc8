package dev.bulwark.sentry.net;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.io.UserBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.UserMemory;
import dev.bulwark.sentry.syscall.Blocking;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.time.Timespec;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.util.List;

/** Sending and receiving: send(2), recv(2), and their companions. */
final class MessageCalls {

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
        "urgent data (MSG_OOB) is refused with EOPNOTSUPP by Unix sockets",
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
        "urgent data (MSG_OOB) is refused with EOPNOTSUPP by Unix sockets",
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
        "urgent data (MSG_OOB) is refused with EOPNOTSUPP by Unix sockets",
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
      Outgoing message =
          new Outgoing(buffer, to, List.of(), PeerCredentials.real(task), flags, NOBODY);
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
    long control = memory.getLong(header + CONTROL);
    long controlLength = memory.getLong(header + CONTROL_LENGTH);
    if (socket.ownMessages()) {
      byte[] own = ControlMessages.bytes(memory, control, controlLength);
      Outgoing message =
          new Outgoing(buffer, to, List.of(), PeerCredentials.real(task), flags, own);
      return send(task, socket, message, flags);
    }
    ControlMessages.Attached attached = ControlMessages.read(task, control, controlLength);
    try {
      Outgoing message =
          new Outgoing(buffer, to, attached.rights(), attached.sender(), flags, NOBODY);
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
    if ((flags & MessageFlags.OOB) != 0 && !socket.ownMessages()) {
      return -Errno.EOPNOTSUPP;
    }
    boolean now = socket.nonBlocking() || (flags & MessageFlags.DONTWAIT) != 0;
    long done = 0;
    Outgoing rest = message;
    while (true) {
      long n = sendOnce(task, socket, rest, now);
      if (n == -Errno.EPIPE && socket.raisesSigpipe() && (flags & MessageFlags.NOSIGNAL) == 0) {
        Blocking.brokenPipe(task);
      }
      if (n < 0) {
        return done > 0 ? done : n;
      }
      done += n;
      if (n == 0 || !socket.writesFully() || message.data().remaining() == 0) {
        return done;
      }
      rest = message.rest();
    }
  }

  private static long sendOnce(Task task, Socket socket, Outgoing message, boolean now)
      throws ErrnoException {
    long n = socket.send(task, message);
    if (n == -Errno.EINPROGRESS && !now) {
      return sendWhenConnected(task, socket, message);
    }
    if (n != -Errno.EAGAIN || now) {
      return n;
    }
    WaitQueue room = socket.otherQueue(task, message.address());
    long timeout = socket.options().sendTimeout;
    return SocketCalls.until(task, socket, room, timeout, () -> socket.send(task, message));
  }

  /** A message that opened its connection (MSG_FASTOPEN), but could not travel with the request. */
  private static long sendWhenConnected(Task task, Socket socket, Outgoing message)
      throws ErrnoException {
    Outgoing rest = message.rest();
    return SocketCalls.until(
        task,
        socket,
        null,
        socket.options().sendTimeout,
        () -> {
          boolean settled =
              (socket.poll() & (PollEvents.OUT | PollEvents.ERR | PollEvents.HUP)) != 0;
          return settled ? socket.send(task, rest) : -Errno.EAGAIN;
        });
  }

  private static long recvfrom(
      Task task, int fd, long data, long length, int flags, long address, long size)
      throws ErrnoException {
    try (Socket socket = SocketCalls.acquire(task, fd)) {
      Incoming message = new Incoming(UserBuffer.of(task.memory(), data, length), flags);
      message.wantsAddress = address != 0;
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
    if ((flags & MessageFlags.OOB) != 0 && !socket.ownMessages()) { // urgent data is never there
      return socket.type() == Socket.STREAM ? -Errno.EINVAL : -Errno.EOPNOTSUPP;
    }
    // Urgent data and errors are there or not.
    int immediate = MessageFlags.DONTWAIT | MessageFlags.OOB | MessageFlags.ERRQUEUE;
    boolean now = socket.nonBlocking() || (flags & immediate) != 0;
    boolean all = (flags & MessageFlags.WAITALL) != 0 && socket.type() == Socket.STREAM;
    long timeout = socket.options().receiveTimeout;
    if (all && message.peek) {
      return now ? socket.receive(message) : peekAll(task, socket, message, timeout);
    }
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

  /** Waits until as many bytes are there as are asked for, or no more will come. */
  private static long peekAll(Task task, Socket socket, Incoming message, long timeout)
      throws ErrnoException {
    long wanted = message.data.remaining();
    IoBuffer data = message.data.duplicate();
    long n =
        SocketCalls.until(
            task,
            socket,
            null,
            timeout,
            () -> {
              boolean ended =
                  (socket.poll() & (PollEvents.RDHUP | PollEvents.ERR | PollEvents.HUP)) != 0;
              long seen = socket.receive(new Incoming(data.duplicate(), message.flags));
              return seen >= 0 && seen < wanted && !ended ? -Errno.EAGAIN : seen;
            });
    return n < 0 && n != -Errno.EAGAIN ? n : socket.receive(message);
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
    long room = control == 0 || controlLength < 0 ? 0 : controlLength;
    Incoming message = new Incoming(vector(memory, header), flags);
    message.wantsAddress = name != 0;
    message.wantsFlags = true;
    message.controlRoom = room;
    long n = receive(task, socket, message, flags);
    if (n < 0) {
      message.rights.forEach(FileDescription::close);
      return n;
    }
    int result = message.result | (message.truncated ? MessageFlags.TRUNC : 0);
    result |= flags & MessageFlags.CMSG_CLOEXEC;
    long controlUsed;
    if (socket.ownMessages()) {
      memory.write(control, message.control);
      controlUsed = message.control.length;
    } else {
      boolean cloexec = (flags & MessageFlags.CMSG_CLOEXEC) != 0;
      ControlMessages.Written written =
          ControlMessages.write(task, message, control, room, cloexec);
      result |= written.truncated() ? MessageFlags.CTRUNC : 0;
      controlUsed = written.length();
    }
    if (name != 0) {
      byte[] from = message.address == null ? NOBODY : message.address;
      memory.write(name, from, 0, Math.min(nameLength, from.length));
      memory.putInt(header + NAME_LENGTH, from.length);
    }
    memory.putLong(header + CONTROL_LENGTH, controlUsed);
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
    int wait = flags & ~MessageFlags.WAITFORONE;
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
            wait |= (flags & MessageFlags.WAITFORONE) != 0 ? MessageFlags.DONTWAIT : 0;
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
