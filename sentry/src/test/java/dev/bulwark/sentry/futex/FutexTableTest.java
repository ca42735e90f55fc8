package dev.bulwark.sentry.futex;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.kernel.IdleContext;
import dev.bulwark.sentry.kernel.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FutexTableTest {
  private static final int ADD_ONE_IF_ZERO = 1 << 28 | 1 << 12;

  private final FutexTable table = new FutexTable();
  private final Object space = new Object();
  private final FutexKey key = new FutexKey(space, 0x1000);
  private final FutexKey other = new FutexKey(space, 0x2000);
  private final Word word = new Word();
  private final Task task = new Task(1, new IdleContext());

  private static final class Word implements FutexWord {
    final AtomicInteger value = new AtomicInteger();

    @Override
    public int load() {
      return value.get();
    }

    @Override
    public boolean compareAndSet(int expected, int next) {
      return value.compareAndSet(expected, next);
    }
  }

  @AfterEach
  void nobodyIsLeftInAQueue() {
    assertEquals(0, table.sleepers());
  }

  /** Starts a task that makes a blocking call, and returns once it is queued. */
  private CompletableFuture<Long> asleep(Task sleeper, ToLongFunction<Task> call) {
    int before = table.sleepers();
    CompletableFuture<Long> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              sleeper.adopt();
              result.complete(call.applyAsLong(sleeper));
            });
    while (table.sleepers() == before) {
      Thread.onSpinWait();
    }
    return result;
  }

  private CompletableFuture<Long> asleep(int tid, FutexKey on, int bitset) {
    return asleep(
        new Task(tid, new IdleContext()), t -> table.wait(t, on, word, 0, bitset, Task.NEVER));
  }

  @Test
  void changedWordIsEagain() {
    assertEquals(-Errno.EAGAIN, table.wait(task, key, word, 1, FutexTable.ANY, Task.NEVER));
  }

  @Test
  void emptyBitsetIsEinval() {
    assertEquals(-Errno.EINVAL, table.wait(task, key, word, 0, 0, Task.NEVER));
    assertEquals(-Errno.EINVAL, table.wake(key, 1, 0));
  }

  @Test
  void passedDeadlineTimesOutAndLeavesTheQueue() {
    assertEquals(
        -Errno.ETIMEDOUT, table.wait(task, key, word, 0, FutexTable.ANY, System.nanoTime() - 1));
  }

  @Test
  void interruptRestartsTheCall() {
    Task sleeper = new Task(2, new IdleContext());
    CompletableFuture<Long> result =
        asleep(sleeper, t -> table.wait(t, key, word, 0, FutexTable.ANY, Task.NEVER));
    sleeper.interrupt();
    assertEquals(-Errno.ERESTARTSYS, result.join());
  }

  @Test
  void wakeTakesTheLongestAsleepFirst() {
    CompletableFuture<Long> first = asleep(2, key, FutexTable.ANY);
    CompletableFuture<Long> second = asleep(3, key, FutexTable.ANY);
    assertEquals(1, table.wake(key, 1, FutexTable.ANY));
    assertEquals(0, first.join());
    assertEquals(1, table.sleepers());
    assertEquals(1, table.wake(key, Integer.MAX_VALUE, FutexTable.ANY));
    assertEquals(0, second.join());
    assertEquals(0, table.wake(key, 1, FutexTable.ANY));
  }

  @Test
  void wakeWithBitsetPassesOthersBy() {
    CompletableFuture<Long> one = asleep(2, key, 1);
    CompletableFuture<Long> two = asleep(3, key, 2);
    assertEquals(1, table.wake(key, 10, 2));
    assertEquals(0, two.join());
    assertEquals(1, table.wake(key, 10, 1));
    assertEquals(0, one.join());
  }

  @Test
  void sameAddressInAnotherSpaceIsAnotherFutex() {
    CompletableFuture<Long> sleeper = asleep(2, key, FutexTable.ANY);
    assertEquals(0, table.wake(new FutexKey(new Object(), key.offset()), 1, FutexTable.ANY));
    assertEquals(1, table.wake(key, 1, FutexTable.ANY));
    assertEquals(0, sleeper.join());
  }

  @Test
  void requeueMovesSleepersWithoutWakingThem() {
    CompletableFuture<Long> first = asleep(2, key, FutexTable.ANY);
    CompletableFuture<Long> second = asleep(3, key, FutexTable.ANY);
    CompletableFuture<Long> third = asleep(4, key, FutexTable.ANY);
    assertEquals(-Errno.EAGAIN, table.requeue(key, other, 1, 1, word, 5));
    assertEquals(2, table.requeue(key, other, 1, 1, word, 0));
    assertEquals(0, first.join());
    assertEquals(1, table.wake(other, 10, FutexTable.ANY));
    assertEquals(0, second.join());
    assertEquals(1, table.wake(key, 10, FutexTable.ANY));
    assertEquals(0, third.join());
    assertEquals(-Errno.EINVAL, table.requeue(key, other, -1, 0, word, null));
  }

  @Test
  void interruptFindsASleeperThatWasMoved() {
    Task sleeper = new Task(2, new IdleContext());
    CompletableFuture<Long> result =
        asleep(sleeper, t -> table.wait(t, key, word, 0, FutexTable.ANY, Task.NEVER));
    assertEquals(0, table.requeue(key, other, 0, 1, word, null));
    sleeper.interrupt();
    assertEquals(-Errno.ERESTARTSYS, result.join());
  }

  @Test
  void wakeOperationChangesTheWordAndComparesTheOldValue() {
    Word second = new Word();
    CompletableFuture<Long> a = asleep(2, key, FutexTable.ANY);
    CompletableFuture<Long> b = asleep(3, other, FutexTable.ANY);
    assertEquals(2, table.wakeOperation(key, other, second, 1, 1, ADD_ONE_IF_ZERO));
    assertEquals(0, a.join());
    assertEquals(0, b.join());
    assertEquals(1, second.load());
    assertEquals(0, table.wakeOperation(key, other, second, 1, 1, ADD_ONE_IF_ZERO));
    assertEquals(2, second.load());
    assertEquals(-Errno.ENOSYS, table.wakeOperation(key, other, second, 1, 1, 5 << 28));
  }

  @Test
  void wakeOperationOperandsAreSignedOrShifts() {
    assertEquals(-1, WakeOperation.decode(1 << 28 | 0xfff << 12).operand());
    assertEquals(-2, WakeOperation.decode(0xffe).compared());
    assertEquals(1 << 5, WakeOperation.decode(8 << 28 | 5 << 12).operand());
  }

  @Test
  void waitingForSeveralTellsWhichOneWoke() {
    List<FutexTable.Wanted> both =
        List.of(new FutexTable.Wanted(key, word, 0), new FutexTable.Wanted(other, word, 0));
    Task sleeper = new Task(2, new IdleContext());
    CompletableFuture<Long> result = asleep(sleeper, t -> table.waitForAny(t, both, Task.NEVER));
    while (table.sleepers() < 2) {
      Thread.onSpinWait();
    }
    assertEquals(1, table.wake(other, 1, FutexTable.ANY));
    assertEquals(1, result.join());
    assertEquals(-Errno.EINVAL, table.waitForAny(task, List.of(), Task.NEVER));
  }

  @Test
  void everyWakeThatIsCountedReachesExactlyOneSleeper() {
    int tasks = 16;
    List<CompletableFuture<Long>> results = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      results.add(asleep(10 + i, key, FutexTable.ANY));
    }
    long woken = 0;
    while (woken < tasks) {
      woken += table.wake(key, 3, FutexTable.ANY);
    }
    assertEquals(tasks, woken);
    for (CompletableFuture<Long> result : results) {
      assertEquals(0, result.join());
    }
  }
}
