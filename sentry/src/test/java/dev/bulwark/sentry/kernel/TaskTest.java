package dev.bulwark.sentry.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TaskTest {
  private final IdleContext context = new IdleContext();
  private final Task task = new Task(1, context);

  @Test
  void conditionThatHoldsIsAnsweredAtOnceEvenWhenInterrupted() {
    task.interrupt();
    assertEquals(0, task.sleep(() -> true, Task.NEVER));
  }

  @Test
  void deadlineInThePastTimesOut() {
    assertEquals(-Errno.ETIMEDOUT, task.sleep(() -> false, System.nanoTime() - 1));
  }

  @Test
  void interruptBeforeTheSleepIsNotLost() {
    task.interrupt();
    assertEquals(-Errno.ERESTARTSYS, task.sleep(() -> false, Task.NEVER));
    assertTrue(task.interrupted());
    assertEquals(1, context.kicks.get());
  }

  @Test
  void wakeEndsTheSleepOnceTheConditionHolds() throws InterruptedException {
    AtomicBoolean ready = new AtomicBoolean();
    assertEquals(
        0,
        sleepWhile(
            ready::get,
            () -> {
              ready.set(true);
              task.wake();
            }));
  }

  @Test
  void interruptEndsASleepThatHasBegun() throws InterruptedException {
    assertEquals(-Errno.ERESTARTSYS, sleepWhile(() -> false, task::interrupt));
  }

  /**
   * Sleeps on another thread, acts once the condition was looked at, and gives the sleep's result.
   */
  private long sleepWhile(java.util.function.BooleanSupplier condition, Runnable action)
      throws InterruptedException {
    CountDownLatch looked = new CountDownLatch(1);
    AtomicLong result = new AtomicLong(Long.MIN_VALUE);
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  task.adopt();
                  result.set(
                      task.sleep(
                          () -> {
                            boolean holds = condition.getAsBoolean();
                            looked.countDown();
                            return holds;
                          },
                          Task.NEVER));
                });
    looked.await();
    action.run();
    thread.join();
    return result.get();
  }
}
