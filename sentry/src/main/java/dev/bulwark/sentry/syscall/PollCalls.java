package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.time.Timespec;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** poll(2) and ppoll(2). */
final class PollCalls {
  /** Size of a {@code struct pollfd}. */
  private static final int POLLFD = 8;

  private static final int EVENTS = 4;
  private static final int REVENTS = 6;
  private static final long MILLISECOND = 1_000_000;

  private PollCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.POLL,
        Support.FULL,
        "",
        (t, fds, count, timeout, _, _, _) -> poll(t, fds, (int) count, (int) timeout));
    table.row(
        Sys.PPOLL,
        Support.FULL,
        "",
        (t, fds, count, timeout, mask, size, _) -> ppoll(t, fds, (int) count, timeout, mask, size));
  }

  private static long poll(Task task, long fds, int count, int timeout) throws ErrnoException {
    long deadline = timeout < 0 ? Task.NEVER : Timespec.deadline(timeout * MILLISECOND);
    return pollUntil(task, fds, count, deadline);
  }

  /** Restarted with what is left of the time when no handler ran. */
  private static long pollUntil(Task task, long fds, int count, long deadline)
      throws ErrnoException {
    long result = poll(task, fds, count, deadline, -Errno.ERESTART_RESTARTBLOCK);
    if (result == -Errno.ERESTART_RESTARTBLOCK) {
      task.signals()
          .setRestart(
              again -> {
                try {
                  return pollUntil(again, fds, count, deadline);
                } catch (ErrnoException e) {
                  return -e.errno();
                }
              });
    }
    return result;
  }

  private static long ppoll(Task task, long fds, int count, long timeout, long mask, long size)
      throws ErrnoException {
    TimeoutArgument limit = TimeoutArgument.timespec(task, timeout);
    return TemporaryMask.during(
        task,
        mask,
        size,
        -Errno.ERESTARTNOHAND,
        () -> poll(task, fds, count, limit.deadline(), -Errno.ERESTARTNOHAND),
        limit::finish);
  }

  /**
   * Waits for any of an array of {@code struct pollfd}.
   *
   * @param interrupted what a signal makes of the call
   */
  private static long poll(Task task, long fds, int count, long deadline, long interrupted)
      throws ErrnoException {
    if (Integer.toUnsignedLong(count) > task.process().limits().descriptors()) {
      return -Errno.EINVAL;
    }
    byte[] bytes = task.memory().readBytes(fds, count * POLLFD);
    ByteBuffer entries = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<FileDescription> held = new ArrayList<>(count);
    try (Watch watch = new Watch(task)) {
      FileDescription[] files = new FileDescription[count];
      for (int i = 0; i < count; i++) {
        int fd = entries.getInt(i * POLLFD);
        if (fd >= 0) {
          try {
            files[i] = task.files().acquireOpen(fd);
            held.add(files[i]);
          } catch (ErrnoException e) {
            entries.putShort(i * POLLFD + REVENTS, (short) PollEvents.NVAL);
          }
        }
      }
      int found = look(entries, files);
      if (found == 0 && deadline - System.nanoTime() > 0) {
        hang(watch, entries, files);
        long slept = 0;
        while (true) {
          watch.rearm();
          found = look(entries, files);
          if (found > 0 || slept < 0) {
            break;
          }
          slept = watch.sleep(deadline);
        }
        if (found == 0 && slept == -Errno.ERESTARTSYS) {
          return interrupted;
        }
      }
      return store(task, fds, entries, count, found);
    } finally {
      held.forEach(FileDescription::close);
    }
  }

  private static void hang(Watch watch, ByteBuffer entries, FileDescription[] files) {
    for (int i = 0; i < files.length; i++) {
      WaitQueue queue = files[i] == null ? null : files[i].waitQueue();
      if (queue != null) {
        watch.hang(queue, entries.getShort(i * POLLFD + EVENTS));
      }
    }
  }

  /** Fills in the events that hold; gives how many entries have some. */
  private static int look(ByteBuffer entries, FileDescription[] files) {
    int found = 0;
    for (int i = 0; i < files.length; i++) {
      int at = i * POLLFD;
      if (files[i] != null) {
        int wanted = (entries.getShort(at + EVENTS) & 0xffff) | PollEvents.ERR | PollEvents.HUP;
        entries.putShort(at + REVENTS, (short) (files[i].poll() & wanted));
      } else if (entries.getInt(at) < 0) {
        entries.putShort(at + REVENTS, (short) 0);
      }
      if (entries.getShort(at + REVENTS) != 0) {
        found++;
      }
    }
    return found;
  }

  /** Stores the found events alone, as Linux does. */
  private static long store(Task task, long fds, ByteBuffer entries, int count, int found)
      throws ErrnoException {
    for (int i = 0; i < count; i++) {
      int at = i * POLLFD + REVENTS;
      task.memory().putShort(fds + at, entries.getShort(at));
    }
    return found;
  }
}
