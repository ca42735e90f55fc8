package dev.bulwark.sentry.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.futex.RobustList;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.mm.FlatMemory;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FutexCallsTest {
  private static final long WORD = FlatMemory.BASE;
  private static final long OTHER = FlatMemory.BASE + 64;
  private static final long TIME = FlatMemory.BASE + 0x1000;
  private static final int WAITERS = 0x80000000;
  private static final int OWNER_DIED = 0x40000000;

  private final TestSandbox box = new TestSandbox();

  @AfterEach
  void nobodyIsLeftAsleep() {
    assertEquals(0, box.kernel.futexes().sleepers());
  }

  private CompletableFuture<Long> asleep(Task task, int number, long... arguments) {
    int before = box.kernel.futexes().sleepers();
    CompletableFuture<Long> result = box.start(task, t -> box.call(t, number, arguments));
    while (box.kernel.futexes().sleepers() == before) {
      Thread.onSpinWait();
    }
    return result;
  }

  @Test
  void waiterIsWokenThroughTheSystemCall() {
    CompletableFuture<Long> waiter = asleep(box.newTask(2), Sys.FUTEX, WORD, 128, 0, 0);
    assertEquals(1, box.call(Sys.FUTEX, WORD, 129, 5));
    assertEquals(0, waiter.join());
  }

  @Test
  void argumentsAreChecked() {
    assertEquals(-Errno.EAGAIN, box.call(Sys.FUTEX, WORD, 0, 1, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.FUTEX, WORD + 1, 0, 0, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.FUTEX, WORD + 2, 1, 1));
    assertEquals(-Errno.EFAULT, box.call(Sys.FUTEX, 0, 0, 0, 0));
    assertEquals(-Errno.ENOSYS, box.call(Sys.FUTEX, WORD, 256, 0, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.FUTEX, WORD, 11, 0, 0, WORD));
    assertEquals(-Errno.EAGAIN, box.call(Sys.FUTEX, WORD, 11, 1, 0, OTHER));
    assertEquals(-Errno.EINVAL, box.call(Sys.FUTEX, WORD, 12, 2, 1, OTHER, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.FUTEX, WORD, 9, 0, 0, 0, 0));
    box.putLongs(0x1000, 0, -1);
    assertEquals(-Errno.EINVAL, box.call(Sys.FUTEX, WORD, 0, 0, TIME));
    assertEquals(-Errno.EINVAL, box.call(Sys.FUTEX, WORD, 3, -1, 0, OTHER));
  }

  @Test
  void timeoutsAreRelativeOrAbsolute() {
    box.putLongs(0x1000, 0, 1000);
    assertEquals(-Errno.ETIMEDOUT, box.call(Sys.FUTEX, WORD, 0, 0, TIME));
    assertEquals(-Errno.ETIMEDOUT, box.call(Sys.FUTEX, WORD, 9, 0, TIME, 0, -1));
    assertEquals(-Errno.ETIMEDOUT, box.call(Sys.FUTEX, WORD, 9 | 256, 0, TIME, 0, -1));
  }

  @Test
  void interruptedWaitIsRestartedAsLinuxDoes() {
    Task sleeper = box.newTask(2);
    CompletableFuture<Long> forEver = asleep(sleeper, Sys.FUTEX, WORD, 0, 0, 0);
    sleeper.interrupt();
    assertEquals(-Errno.ERESTARTSYS, forEver.join());
    box.putLongs(0x1000, 1000, 0);
    Task second = box.newTask(3);
    CompletableFuture<Long> limited = asleep(second, Sys.FUTEX, WORD, 0, 0, TIME);
    second.interrupt();
    assertEquals(-Errno.ERESTART_RESTARTBLOCK, limited.join());
  }

  @Test
  void requeueMovesWithoutWaking() {
    CompletableFuture<Long> waiter = asleep(box.newTask(2), Sys.FUTEX, WORD, 0, 0, 0);
    assertEquals(-Errno.EAGAIN, box.call(Sys.FUTEX, WORD, 4, 0, 1, OTHER, 7));
    assertEquals(1, box.call(Sys.FUTEX, WORD, 4, 0, 1, OTHER, 0));
    assertEquals(0, box.call(Sys.FUTEX, WORD, 1, 1));
    assertEquals(1, box.call(Sys.FUTEX, OTHER, 1, 1));
    assertEquals(0, waiter.join());
  }

  @Test
  void waitingForSeveralGivesTheIndex() {
    box.putLongs(0x2000, 0, WORD, 2 | 128, 0, OTHER, 2 | 128);
    long waiters = FlatMemory.BASE + 0x2000;
    CompletableFuture<Long> waiter = asleep(box.newTask(2), Sys.FUTEX_WAITV, waiters, 2, 0, 0, 0);
    while (box.kernel.futexes().sleepers() < 2) {
      Thread.onSpinWait();
    }
    assertEquals(1, box.call(Sys.FUTEX, OTHER, 129, 1));
    assertEquals(1, waiter.join());
    assertEquals(-Errno.EINVAL, box.call(Sys.FUTEX_WAITV, waiters, 129, 0, 0, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.FUTEX_WAITV, waiters, 2, 1, 0, 0));
    box.putLongs(0x2000, 0, WORD, 1);
    assertEquals(-Errno.EINVAL, box.call(Sys.FUTEX_WAITV, waiters, 1, 0, 0, 0));
    box.putLongs(0x2000, 1L << 32, WORD, 2);
    assertEquals(-Errno.EINVAL, box.call(Sys.FUTEX_WAITV, waiters, 1, 0, 0, 0));
  }

  @Test
  void locksOfATaskThatEndsAreMarkedAndOneWaiterWoken() {
    Task owner = box.newTask(5);
    long head = FlatMemory.BASE + 0x3000;
    long entry = FlatMemory.BASE + 0x3100;
    box.putLongs(0x3000, entry, 32, 0);
    box.putLongs(0x3100, head);
    box.putInts(0x3120, 5 | WAITERS);
    CompletableFuture<Long> waiter =
        asleep(box.newTask(2), Sys.FUTEX, entry + 32, 0, 5 | WAITERS, 0);
    assertEquals(-Errno.EINVAL, box.call(owner, Sys.SET_ROBUST_LIST, head, 23));
    assertEquals(0, box.call(owner, Sys.SET_ROBUST_LIST, head, 24));
    RobustList.release(owner);
    assertEquals(0, waiter.join());
    assertEquals(OWNER_DIED | WAITERS, box.getInt(0x3120));
    assertEquals(0, owner.robustList());
  }

  @Test
  void circularAndBrokenListsEnd() {
    long entry = FlatMemory.BASE + 0x3100;
    box.putLongs(0x3000, entry, 32, 0);
    box.putLongs(0x3100, entry);
    Task owner = box.newTask(5);
    box.call(owner, Sys.SET_ROBUST_LIST, FlatMemory.BASE + 0x3000, 24);
    RobustList.release(owner);
    box.putLongs(0x3100, 8);
    box.call(owner, Sys.SET_ROBUST_LIST, FlatMemory.BASE + 0x3000, 24);
    RobustList.release(owner);
    box.call(owner, Sys.SET_ROBUST_LIST, 8, 24);
    RobustList.release(owner);
  }

  @Test
  void robustListCanBeAskedFor() {
    box.call(Sys.SET_ROBUST_LIST, 0x1234, 24);
    assertEquals(0, box.call(Sys.GET_ROBUST_LIST, 0, WORD, OTHER));
    assertEquals(0x1234, box.getLong(0));
    assertEquals(24, box.getLong(64));
    assertEquals(-Errno.ESRCH, box.call(Sys.GET_ROBUST_LIST, 999, WORD, OTHER));
  }

  @Test
  void ownedLockGoesFromTaskToTask() {
    Task second = box.newTask(2);
    Task third = box.newTask(3);
    assertEquals(-Errno.EPERM, box.call(Sys.FUTEX, WORD, 7, 0));
    assertEquals(0, box.call(Sys.FUTEX, WORD, 6, 0, 0));
    assertEquals(1, box.getInt(0));
    assertEquals(-Errno.EDEADLK, box.call(Sys.FUTEX, WORD, 6, 0, 0));
    assertEquals(-Errno.EAGAIN, box.call(second, Sys.FUTEX, WORD, 8, 0, 0));
    CompletableFuture<Long> waiter =
        box.start(
            second,
            t -> {
              long locked = box.call(t, Sys.FUTEX, WORD, 6, 0, 0);
              box.kernel.ownedFutexes().ended(t);
              return locked;
            });
    while (box.getInt(0) != (1 | WAITERS)) {
      Thread.onSpinWait();
    }
    assertEquals(0, box.call(Sys.FUTEX, WORD, 7, 0));
    assertEquals(0, waiter.join());
    assertEquals(2, box.getInt(0));
    CompletableFuture<Long> heir = box.start(third, t -> box.call(t, Sys.FUTEX, WORD, 6, 0, 0));
    while (box.getInt(0) != (2 | WAITERS)) {
      Thread.onSpinWait();
    }
    // The third is queued once its claim can be taken over.
    while (!heir.isDone()) {
      box.kernel.ownedFutexes().ended(second);
    }
    assertEquals(0, heir.join());
    assertEquals(3 | OWNER_DIED, box.getInt(0));
    box.putInts(0, 999);
    assertEquals(-Errno.ESRCH, box.call(Sys.FUTEX, WORD, 6, 0, 0));
    box.putInts(0, 3);
    box.putLongs(0x1000, 1, 0);
    assertEquals(-Errno.ETIMEDOUT, box.call(Sys.FUTEX, WORD, 6, 0, TIME));
  }
}
