package dev.bulwark.sentry.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.mm.FlatMemory;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class IpcCallsTest {
  private static final int CREATE = 01000;
  private static final int NO_WAIT = 04000;

  private final TestSandbox sandbox = new TestSandbox();

  private long operate(Task task, long id, int number, int change, int flags) {
    long at = 512L * task.tid();
    sandbox.putInts(at, number | change << 16, flags);
    return sandbox.call(task, Sys.SEMOP, id, FlatMemory.BASE + at, 1);
  }

  @Test
  void identifiersAreNotSoonUsedAgain() {
    long first = sandbox.call(Sys.SEMGET, 0, 1, 0600);
    assertEquals(0, sandbox.call(Sys.SEMCTL, first, 0, 0));
    long last = first;
    for (int i = 0; i < 200; i++) {
      long next = sandbox.call(Sys.SEMGET, 0, 1, 0600);
      assertNotEquals(last, next);
      assertNotEquals(first, next);
      assertEquals(0, sandbox.call(Sys.SEMCTL, next, 0, 0));
      assertEquals(-Errno.EINVAL, sandbox.call(Sys.SEMCTL, next, 0, 12));
      last = next;
    }
  }

  @Test
  void semaphoresAreBoundedByWhatTheHeapHolds() {
    int sets = 0;
    while (sandbox.call(Sys.SEMGET, 0, 32000, 0600) >= 0) {
      sets++;
    }
    assertEquals(-Errno.ENOMEM, sandbox.call(Sys.SEMGET, 0, 32000, 0600));
    assertTrue(sets > 100 && sets < 200, sets + " sets");
  }

  @Test
  void removedSetsGiveBackWhatTheyTook() {
    for (int i = 0; i < 1000; i++) {
      long id = sandbox.call(Sys.SEMGET, 0, 32000, 0600);
      assertTrue(id >= 0, "round " + i);
      assertEquals(0, operate(sandbox.task, id, 31999, 1, 0x1000));
      assertEquals(0, sandbox.call(Sys.SEMCTL, id, 0, 0));
    }
  }

  @Test
  void messagesAreBoundedByWhatTheHeapHolds() {
    long message = sandbox.putLongs(4096, 1);
    long result = 0;
    int queues = 0;
    while (result == 0) {
      long id = sandbox.call(Sys.MSGGET, 0, 0600);
      assertTrue(id >= 0);
      queues++;
      for (int i = 0; result == 0 && i < 16384; i++) {
        result = sandbox.call(Sys.MSGSND, id, message, 0, NO_WAIT);
      }
    }
    assertEquals(-Errno.ENOMEM, result);
    assertTrue(queues > 10, queues + " queues");
  }

  @Test
  void waiterGetsWhatItWaitsFor() throws Exception {
    long id = sandbox.call(Sys.SEMGET, 0, 1, 0600);
    Task other = sandbox.newTask(2);
    CompletableFuture<Long> waits = sandbox.start(other, task -> operate(task, id, 0, -2, 0));
    while (sandbox.call(Sys.SEMCTL, id, 0, 14) == 0) {
      Thread.onSpinWait();
    }
    assertEquals(0, operate(sandbox.task, id, 0, 3, 0));
    assertEquals(0, waits.get());
    assertEquals(1, sandbox.call(Sys.SEMCTL, id, 0, 12));
  }

  @Test
  void removalEndsWaiting() throws Exception {
    long id = sandbox.call(Sys.SEMGET, 7, 1, CREATE | 0600);
    Task other = sandbox.newTask(2);
    CompletableFuture<Long> waits = sandbox.start(other, task -> operate(task, id, 0, -2, 0));
    while (sandbox.call(Sys.SEMCTL, id, 0, 14) == 0) {
      Thread.onSpinWait();
    }
    assertEquals(0, sandbox.call(Sys.SEMCTL, id, 0, 0));
    assertEquals(-Errno.EIDRM, waits.get());
    assertEquals(-Errno.ENOENT, sandbox.call(Sys.SEMGET, 7, 1, 0));
  }

  @Test
  void othersMayOnlyWhatTheModeSays() {
    long id = sandbox.call(Sys.MSGGET, 0, 0604);
    Task other = sandbox.newTask(2);
    other.setCredentials(Credentials.of(9, 9, new int[0], 0));
    long message = sandbox.putLongs(4096, 1, 2);
    assertEquals(-Errno.EACCES, sandbox.call(other, Sys.MSGSND, id, message, 8, NO_WAIT));
    assertEquals(-Errno.ENOMSG, sandbox.call(other, Sys.MSGRCV, id, message, 8, 0, NO_WAIT));
    assertEquals(-Errno.EPERM, sandbox.call(other, Sys.MSGCTL, id, 0));
  }
}
