package dev.bulwark.sentry.syscall.file;

import static dev.bulwark.sentry.syscall.file.FileSandbox.CREATE;
import static dev.bulwark.sentry.syscall.file.FileSandbox.awaitLocker;
import static dev.bulwark.sentry.syscall.file.FileSandbox.fails;
import static dev.bulwark.sentry.syscall.file.FileSandbox.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.FlatMemory;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LockCallsTest {
  private static final int GETLK = 5;
  private static final int SETLK = 6;
  private static final int SETLKW = 7;
  private static final int OFD_SETLK = 37;
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int UNLOCK = 2;

  private final FileSandbox s = new FileSandbox();
  private final Task other = s.newTask(2);
  private int fd;

  @BeforeEach
  void open() {
    fd = s.open("/f", CREATE);
    other.setFiles(s.box.files.copy());
  }

  @AfterEach
  void close() {
    other.files().close();
    s.box.files.close();
  }

  private long lock(Task task, int command, int type, long start, long length) {
    long at = 0x30000 + 0x100L * task.tid();
    s.box.putLongs(at, type, start, length, 0);
    return s.box.call(task, Sys.FCNTL, fd, command, FlatMemory.BASE + at);
  }

  @Test
  void rangesConflictBetweenProcessesOnly() {
    ok(lock(s.box.task, SETLK, WRITE, 0, 10));
    ok(lock(s.box.task, SETLK, READ, 5, 10));
    fails(Errno.EAGAIN, lock(other, SETLK, WRITE, 8, 1));
    ok(lock(other, SETLK, READ, 8, 1));
    fails(Errno.EAGAIN, lock(other, SETLK, READ, 4, 1));
    ok(lock(s.box.task, SETLK, UNLOCK, 2, 2));
    ok(lock(other, SETLK, WRITE, 2, 2));
    fails(Errno.EAGAIN, lock(s.box.task, SETLK, WRITE, 0, 0));
    ok(lock(other, GETLK, WRITE, 0, 0));
    assertEquals(WRITE, s.box.getInt(0x30200) & 0xffff);
    assertEquals(0, s.box.getLong(0x30208));
    assertEquals(2, s.box.getLong(0x30210));
    assertEquals(1, s.box.getInt(0x30218));
  }

  @Test
  void closingAnyDescriptorOfTheFileGivesLocksBack() {
    ok(lock(s.box.task, SETLK, WRITE, 0, 0));
    int second = s.open("/f", CREATE);
    fails(Errno.EAGAIN, lock(other, SETLK, WRITE, 0, 0));
    ok(s.call(Sys.CLOSE, second));
    ok(lock(other, SETLK, WRITE, 0, 0));
  }

  @Test
  void locksOfADescriptionBelongToIt() {
    ok(lock(s.box.task, OFD_SETLK, WRITE, 0, 0));
    ok(lock(other, OFD_SETLK, WRITE, 0, 0));
    fails(Errno.EAGAIN, lock(other, SETLK, WRITE, 0, 0));
  }

  @Test
  void waiterGetsTheLockWhenItIsGivenBack() throws Exception {
    ok(lock(s.box.task, SETLK, WRITE, 0, 0));
    CompletableFuture<Long> waiting = s.box.start(other, task -> lock(task, SETLKW, WRITE, 0, 0));
    awaitLocker(s.box.file(fd));
    ok(lock(s.box.task, SETLK, UNLOCK, 0, 0));
    assertEquals(0, waiting.get());
  }

  @Test
  void waitingForEachOtherIsRefused() throws Exception {
    ok(lock(s.box.task, SETLK, WRITE, 0, 1));
    ok(lock(other, SETLK, WRITE, 1, 1));
    CompletableFuture<Long> waiting = s.box.start(other, task -> lock(task, SETLKW, WRITE, 0, 1));
    awaitLocker(s.box.file(fd));
    while (s.box.kernel.lockWaits().waiting() == 0) {
      Thread.onSpinWait();
    }
    fails(Errno.EDEADLK, lock(s.box.task, SETLKW, WRITE, 1, 1));
    ok(lock(s.box.task, SETLK, UNLOCK, 0, 1));
    assertEquals(0, waiting.get());
  }

  @Test
  void interruptEndsTheWait() throws Exception {
    ok(lock(s.box.task, SETLK, WRITE, 0, 0));
    CompletableFuture<Long> waiting = s.box.start(other, task -> lock(task, SETLKW, READ, 0, 0));
    awaitLocker(s.box.file(fd));
    other.interrupt();
    fails(Errno.ERESTARTSYS, waiting.get());
  }

  @Test
  void wholeFileLocksBelongToDescriptions() {
    int second = s.open("/f", CREATE);
    ok(s.call(Sys.FLOCK, fd, 2));
    fails(Errno.EAGAIN, s.call(Sys.FLOCK, second, 1 | 4));
    ok(s.call(Sys.FLOCK, fd, 1));
    ok(s.call(Sys.FLOCK, second, 1 | 4));
    ok(s.call(Sys.FLOCK, fd, 8));
    ok(s.call(Sys.FLOCK, second, 2 | 4));
    fails(Errno.EINVAL, s.call(Sys.FLOCK, fd, 3));
    ok(s.call(Sys.CLOSE, second));
    ok(s.call(Sys.FLOCK, fd, 2 | 4));
  }
}
