package dev.bulwark.sentry.fs.mqueue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.syscall.Blocking;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.time.Timespec;
import dev.bulwark.sentry.vfs.FileClock;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.wait.PollEvents;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The calls behind mq_open(3) and its kin. */
public final class MqueueCalls {
  /** Size of {@code struct mq_attr}. */
  private static final int ATTRIBUTES_SIZE = 64;

  /** Priorities are below this (MQ_PRIO_MAX). */
  private static final long PRIORITIES = 32768;

  private MqueueCalls() {}

  /** Adds the rows. */
  public static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.MQ_OPEN,
        Support.FULL,
        "",
        (t, name, flags, mode, attributes, _, _) ->
            open(t, name, (int) flags, (int) mode, attributes));
    table.row(Sys.MQ_UNLINK, Support.FULL, "", (t, name, _, _, _, _, _) -> unlink(t, name));
    table.row(
        Sys.MQ_TIMEDSEND,
        Support.FULL,
        "",
        (t, fd, text, length, priority, timeout, _) ->
            send(t, (int) fd, text, length, priority & 0xffffffffL, timeout));
    table.row(
        Sys.MQ_TIMEDRECEIVE,
        Support.FULL,
        "",
        (t, fd, text, length, priority, timeout, _) ->
            receive(t, (int) fd, text, length, priority, timeout));
    table.row(
        Sys.MQ_NOTIFY,
        Support.PARTIAL,
        "SIGEV_THREAD is refused with EINVAL",
        (t, fd, event, _, _, _, _) -> notify(t, (int) fd, event));
    table.row(
        Sys.MQ_GETSETATTR,
        Support.FULL,
        "",
        (t, fd, next, old, _, _, _) -> attributes(t, (int) fd, next, old));
  }

  private static long open(Task task, long name, int flags, int mode, long attributes)
      throws ErrnoException {
    QueueAttributes wanted = QueueAttributes.USUAL;
    if (attributes != 0) {
      ByteBuffer from = read(task, attributes);
      wanted = new QueueAttributes(from.getLong(8), from.getLong(16));
    }
    String path = task.memory().readPath(name);
    FileDescription file = task.kernel().mqueues().open(task, path, flags, mode, wanted);
    try {
      return task.files().install(file, 0, true, task.process().limits().descriptors());
    } catch (ErrnoException e) {
      file.close();
      throw e;
    }
  }

  private static ByteBuffer read(Task task, long attributes) throws ErrnoException {
    byte[] bytes = task.memory().readBytes(attributes, ATTRIBUTES_SIZE);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long unlink(Task task, long name) throws ErrnoException {
    task.kernel().mqueues().unlink(task, task.memory().readPath(name));
    return 0;
  }

  private static MqueueFile queue(FileDescription file) throws ErrnoException {
    if (file instanceof MqueueFile queue) {
      return queue;
    }
    throw ErrnoException.of(Errno.EBADF);
  }

  /** The point at which waiting ends, from an absolute time of the real-time clock. */
  private static long deadline(Task task, long timeout) throws ErrnoException {
    if (timeout == 0) {
      return Task.NEVER;
    }
    long until = Timespec.readValid(task.memory(), timeout).toNanos();
    return Timespec.deadline(
        until == Long.MAX_VALUE ? until : Math.max(0, until - FileClock.now()));
  }

  private static long waited(long result) {
    return result == -Errno.EAGAIN ? -Errno.ETIMEDOUT : result;
  }

  private static long send(Task task, int fd, long text, long length, long priority, long timeout)
      throws ErrnoException {
    long deadline = deadline(task, timeout);
    if (priority >= PRIORITIES) {
      return -Errno.EINVAL;
    }
    try (FileDescription file = task.files().acquireOpen(fd)) {
      MessageQueue queue = queue(file).queue();
      if (!file.writable()) {
        return -Errno.EBADF;
      }
      if (Long.compareUnsigned(length, queue.attributes().size()) > 0) {
        return -Errno.EMSGSIZE;
      }
      byte[] bytes = task.memory().readBytes(text, (int) length);
      QueuedText message = new QueuedText((int) priority, bytes);
      Blocking.Attempt attempt = () -> send(task, queue, message);
      if (file.nonBlocking()) {
        return attempt.run();
      }
      int events = PollEvents.OUT | PollEvents.WRNORM;
      return waited(Blocking.until(task, queue.waiters(), events, deadline, attempt));
    }
  }

  private static long send(Task task, MessageQueue queue, QueuedText message) {
    MessageQueue.Sent sent = queue.send(message);
    if (sent.due() != null) {
      sent.due().send(task);
    }
    return sent.done() ? 0 : -Errno.EAGAIN;
  }

  private static long receive(
      Task task, int fd, long text, long length, long priority, long timeout)
      throws ErrnoException {
    long deadline = deadline(task, timeout);
    try (FileDescription file = task.files().acquireOpen(fd)) {
      MessageQueue queue = queue(file).queue();
      if (!file.readable()) {
        return -Errno.EBADF;
      }
      if (Long.compareUnsigned(length, queue.attributes().size()) < 0) {
        return -Errno.EMSGSIZE;
      }
      QueuedText[] received = new QueuedText[1];
      Blocking.Attempt attempt =
          () -> {
            QueuedText message = queue.receive();
            if (message == null) {
              return -Errno.EAGAIN;
            }
            received[0] = message;
            return message.text().length;
          };
      long result = attempt.run();
      if (result == -Errno.EAGAIN && !file.nonBlocking()) {
        queue.receiving(1);
        try {
          int events = PollEvents.IN | PollEvents.RDNORM;
          result = waited(Blocking.until(task, queue.waiters(), events, deadline, attempt));
        } finally {
          queue.receiving(-1);
        }
      }
      if (result >= 0) {
        if (priority != 0) {
          task.memory().putInt(priority, received[0].priority());
        }
        task.memory().write(text, received[0].text());
      }
      return result;
    }
  }

  private static long notify(Task task, int fd, long event) throws ErrnoException {
    long value = 0;
    int signal = 0;
    int method = -1;
    if (event != 0) { // struct sigevent
      value = task.memory().getLong(event);
      signal = task.memory().getInt(event + 8);
      method = task.memory().getInt(event + 12);
      if (method != Notification.SIGNAL && method != Notification.NONE) {
        return -Errno.EINVAL;
      }
      if (method == Notification.SIGNAL && signal != 0 && !Signals.valid(signal)) {
        return -Errno.EINVAL;
      }
    }
    try (FileDescription file = task.files().acquireOpen(fd)) {
      MessageQueue queue = queue(file).queue();
      if (event == 0) {
        queue.unregister(task.process());
      } else {
        queue.register(new Notification(task.process(), method, signal, value));
      }
      return 0;
    }
  }

  private static long attributes(Task task, int fd, long next, long old) throws ErrnoException {
    long flags = 0;
    if (next != 0) {
      flags = read(task, next).getLong(0);
      if ((flags & ~OpenFlags.NONBLOCK) != 0) {
        return -Errno.EINVAL;
      }
    }
    try (FileDescription file = task.files().acquireOpen(fd)) {
      MessageQueue queue = queue(file).queue();
      ByteBuffer to = ByteBuffer.allocate(ATTRIBUTES_SIZE).order(ByteOrder.LITTLE_ENDIAN);
      to.putLong(0, file.flags() & OpenFlags.NONBLOCK);
      to.putLong(8, queue.attributes().messages());
      to.putLong(16, queue.attributes().size());
      to.putLong(24, queue.count());
      if (next != 0) {
        file.setFlags((file.flags() & ~OpenFlags.NONBLOCK) | (int) flags);
      }
      if (old != 0) {
        task.memory().write(old, to.array());
      }
      return 0;
    }
  }
}
