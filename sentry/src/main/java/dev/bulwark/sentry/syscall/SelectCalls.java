package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.util.ArrayList;
import java.util.List;

/** select(2) and pselect6(2). */
final class SelectCalls {
  private static final int READ = 0;
  private static final int EXCEPT = 2;

  /** What makes a descriptor ready in each of the three sets. */
  private static final int[] READY = {
    PollEvents.RDNORM | PollEvents.RDBAND | PollEvents.IN | PollEvents.HUP | PollEvents.ERR,
    PollEvents.WRBAND | PollEvents.WRNORM | PollEvents.OUT | PollEvents.ERR,
    PollEvents.PRI
  };

  private SelectCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.SELECT,
        Support.FULL,
        "",
        (t, n, in, out, except, timeout, _) -> {
          TimeoutArgument limit = TimeoutArgument.timeval(t, timeout);
          return limit.finish(select(t, (int) n, new long[] {in, out, except}, limit.deadline()));
        });
    table.row(
        Sys.PSELECT6,
        Support.FULL,
        "",
        (t, n, in, out, except, timeout, mask) ->
            pselect(t, (int) n, new long[] {in, out, except}, timeout, mask));
  }

  private static long pselect(Task task, int n, long[] sets, long timeout, long argument)
      throws ErrnoException {
    long mask = argument == 0 ? 0 : task.memory().getLong(argument);
    long size = argument == 0 ? 0 : task.memory().getLong(argument + 8);
    TimeoutArgument limit = TimeoutArgument.timespec(task, timeout);
    return TemporaryMask.during(
        task,
        mask,
        size,
        -Errno.ERESTARTNOHAND,
        () -> select(task, n, sets, limit.deadline()),
        limit::finish);
  }

  /** One descriptor that is in at least one set. */
  private record Selected(FileDescription file, int fd, int sets) {
    int wanted() {
      int events = 0;
      for (int set = READ; set <= EXCEPT; set++) {
        events |= (sets >>> set & 1) != 0 ? READY[set] : 0;
      }
      return events;
    }
  }

  /**
   * Waits for any descriptor of three sets, and replaces the sets by what is ready.
   *
   * @param addresses of the sets; 0 for none
   */
  private static long select(Task task, int n, long[] addresses, long deadline)
      throws ErrnoException {
    if (n < 0) {
      return -Errno.EINVAL;
    }
    // Linux looks no further than its table of descriptors goes, whatever the sets say.
    int words = (Math.min(n, task.files().capacity()) + 63) / 64;
    int bits = Math.min(n, task.files().capacity());
    long[][] sets = new long[3][words];
    for (int set = READ; set <= EXCEPT; set++) {
      for (int i = 0; addresses[set] != 0 && i < words; i++) {
        sets[set][i] = task.memory().getLong(addresses[set] + 8L * i);
      }
    }
    List<Selected> selected = new ArrayList<>();
    try (Watch watch = new Watch(task)) {
      for (int fd = 0; fd < bits; fd++) {
        int in = membership(sets, fd);
        if (in != 0) {
          selected.add(new Selected(task.files().acquireOpen(fd), fd, in));
        }
      }
      long[][] ready = new long[3][words];
      int found = look(selected, ready);
      if (found == 0 && deadline - System.nanoTime() > 0) {
        for (Selected one : selected) {
          WaitQueue queue = one.file().waitQueue();
          if (queue != null) {
            watch.hang(queue, one.wanted());
          }
        }
        long slept = 0;
        while (true) {
          watch.rearm();
          found = look(selected, ready);
          if (found > 0 || slept < 0) {
            break;
          }
          slept = watch.sleep(deadline);
        }
        if (found == 0 && slept == -Errno.ERESTARTSYS) {
          return -Errno.ERESTARTNOHAND;
        }
      }
      for (int set = READ; set <= EXCEPT; set++) {
        for (int i = 0; addresses[set] != 0 && i < words; i++) {
          task.memory().putLong(addresses[set] + 8L * i, ready[set][i]);
        }
      }
      return found;
    } finally {
      selected.forEach(one -> one.file().close());
    }
  }

  /** In which sets a descriptor is, a bit for each. */
  private static int membership(long[][] sets, int fd) {
    int in = 0;
    for (int set = READ; set <= EXCEPT; set++) {
      in |= (int) (sets[set][fd / 64] >>> (fd % 64) & 1) << set;
    }
    return in;
  }

  /** Sets the bits of what is ready; gives how many. */
  private static int look(List<Selected> selected, long[][] ready) {
    int found = 0;
    for (Selected one : selected) {
      int events = one.file().poll();
      for (int set = READ; set <= EXCEPT; set++) {
        if ((one.sets() >>> set & 1) != 0 && (events & READY[set]) != 0) {
          ready[set][one.fd() / 64] |= 1L << (one.fd() % 64);
          found++;
        }
      }
    }
    return found;
  }
}
