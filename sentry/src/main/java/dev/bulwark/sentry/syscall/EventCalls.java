package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.epoll.Epoll;
import dev.bulwark.sentry.fs.eventfd.EventCounter;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.UserMemory;
import dev.bulwark.sentry.time.Timespec;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.wait.PollEvents;

/** epoll(7) and eventfd(2). */
final class EventCalls {
  private static final int EFD_SEMAPHORE = 1;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLL_CTL_MOD = 3;

  /** Size of a packed {@code struct epoll_event}. */
  private static final int EVENT = 12;

  private static final int MAX_EVENTS = Integer.MAX_VALUE / EVENT;
  private static final long MILLISECOND = 1_000_000;

  private EventCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.EVENTFD, Support.FULL, "", (t, count, _, _, _, _, _) -> eventfd(t, (int) count, 0));
    table.row(
        Sys.EVENTFD2,
        Support.FULL,
        "",
        (t, count, flags, _, _, _, _) -> eventfd(t, (int) count, (int) flags));
    table.row(
        Sys.EPOLL_CREATE,
        Support.FULL,
        "",
        (t, size, _, _, _, _, _) -> (int) size <= 0 ? -Errno.EINVAL : create(t, 0));
    table.row(
        Sys.EPOLL_CREATE1, Support.FULL, "", (t, flags, _, _, _, _, _) -> create(t, (int) flags));
    table.row(
        Sys.EPOLL_CTL,
        Support.FULL,
        "EPOLLEXCLUSIVE may wake more than one waiter, as Linux may",
        (t, epfd, op, fd, event, _, _) -> ctl(t, (int) epfd, (int) op, (int) fd, event));
    table.row(
        Sys.EPOLL_WAIT,
        Support.FULL,
        "",
        (t, epfd, events, most, timeout, _, _) ->
            await(t, (int) epfd, events, (int) most, deadline((int) timeout)));
    table.row(
        Sys.EPOLL_PWAIT,
        Support.FULL,
        "",
        (t, epfd, events, most, timeout, mask, size) ->
            pwait(t, (int) epfd, events, (int) most, deadline((int) timeout), mask, size));
    table.row(
        Sys.EPOLL_PWAIT2,
        Support.FULL,
        "",
        (t, epfd, events, most, timeout, mask, size) -> {
          long deadline = TimeoutArgument.timespec(t, timeout).deadline();
          return pwait(t, (int) epfd, events, (int) most, deadline, mask, size);
        });
  }

  private static long deadline(int milliseconds) {
    return milliseconds < 0 ? Task.NEVER : Timespec.deadline(milliseconds * MILLISECOND);
  }

  /** Gives a new file a descriptor; on failure the file is released. */
  static long install(Task task, FileDescription file, boolean cloexec) throws ErrnoException {
    try {
      return task.files().install(file, 0, cloexec, task.process().limits().descriptors());
    } catch (ErrnoException e) {
      file.close();
      throw e;
    }
  }

  private static long eventfd(Task task, int count, int flags) throws ErrnoException {
    if ((flags & ~(EFD_SEMAPHORE | OpenFlags.CLOEXEC | OpenFlags.NONBLOCK)) != 0) {
      return -Errno.EINVAL;
    }
    EventCounter counter =
        new EventCounter(
            OpenFlags.RDWR | (flags & OpenFlags.NONBLOCK),
            Integer.toUnsignedLong(count),
            (flags & EFD_SEMAPHORE) != 0);
    return install(task, counter, (flags & OpenFlags.CLOEXEC) != 0);
  }

  private static long create(Task task, int flags) throws ErrnoException {
    if ((flags & ~OpenFlags.CLOEXEC) != 0) {
      return -Errno.EINVAL;
    }
    Epoll epoll = new Epoll(task.kernel().epolls(), OpenFlags.RDWR);
    return install(task, epoll, (flags & OpenFlags.CLOEXEC) != 0);
  }

  private static long ctl(Task task, int epfd, int operation, int fd, long event)
      throws ErrnoException {
    int events = 0;
    long data = 0;
    if (operation != EPOLL_CTL_DEL) {
      events = task.memory().getInt(event);
      data = task.memory().getLong(event + 4);
    }
    try (FileDescription file = task.files().acquireOpen(epfd);
        FileDescription target = task.files().acquireOpen(fd)) {
      if (target.waitQueue() == null) {
        return -Errno.EPERM;
      }
      if (!(file instanceof Epoll epoll)) {
        return -Errno.EINVAL;
      }
      return switch (operation) {
        case EPOLL_CTL_ADD -> epoll.add(target, fd, events, data);
        case EPOLL_CTL_MOD -> epoll.modify(target, fd, events, data);
        case EPOLL_CTL_DEL -> epoll.remove(target, fd);
        default -> -Errno.EINVAL;
      };
    }
  }

  private static long pwait(
      Task task, int epfd, long events, int most, long deadline, long mask, long size)
      throws ErrnoException {
    return TemporaryMask.during(
        task, mask, size, -Errno.EINTR, () -> await(task, epfd, events, most, deadline), r -> r);
  }

  private static long await(Task task, int epfd, long events, int most, long deadline)
      throws ErrnoException {
    if (most <= 0 || most > MAX_EVENTS) {
      return -Errno.EINVAL;
    }
    try (FileDescription file = task.files().acquireOpen(epfd)) {
      if (!(file instanceof Epoll epoll)) {
        return -Errno.EINVAL;
      }
      Store store = new Store(task.memory(), events);
      long found = epoll.collect(most, store);
      if (found != 0 || deadline - System.nanoTime() <= 0) {
        return found;
      }
      try (Watch watch = new Watch(task)) {
        watch.hang(epoll.waitQueue(), PollEvents.IN);
        long slept = 0;
        while (true) {
          watch.rearm();
          found = epoll.collect(most, store);
          if (found != 0 || slept < 0) {
            break;
          }
          slept = watch.sleep(deadline);
        }
        return found == 0 && slept == -Errno.ERESTARTSYS ? -Errno.EINTR : found;
      }
    }
  }

  /** Stores events one after the other in application memory. */
  private static final class Store implements Epoll.Sink {
    private final UserMemory memory;
    private long address;

    Store(UserMemory memory, long address) {
      this.memory = memory;
      this.address = address;
    }

    @Override
    public boolean accept(int events, long data) {
      try {
        memory.putInt(address, events);
        memory.putLong(address + 4, data);
        address += EVENT;
        return true;
      } catch (ErrnoException e) {
        return false;
      }
    }
  }
}
