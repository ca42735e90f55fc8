package dev.bulwark.sentry.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.fs.eventfd.EventCounter;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.mm.FlatMemory;
import dev.bulwark.sentry.wait.PollEvents;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PollCallsTest {
  private static final long FDS = FlatMemory.BASE;
  private static final long TIMEOUT = FlatMemory.BASE + 0x1000;

  private final TestSandbox box = new TestSandbox();
  private EventCounter counter;

  @BeforeEach
  void openOne() {
    assertEquals(0, box.call(Sys.EVENTFD, 0));
    counter = (EventCounter) box.file(0);
  }

  @AfterEach
  void nobodyIsLeftInTheQueue() {
    assertTrue(counter.waitQueue().isEmpty());
    box.files.close();
  }

  private long entry(int index, int fd, int events) {
    box.putInts(8L * index, fd, events);
    return FDS;
  }

  private int result(int index) {
    return box.getInt(8L * index + 4) >>> 16;
  }

  @Test
  void closedDescriptorsAreInvalidAndNegativeOnesIgnored() {
    entry(0, 99, PollEvents.IN);
    entry(1, -1, PollEvents.IN | PollEvents.NVAL << 16);
    entry(2, 0, PollEvents.IN | PollEvents.OUT);
    assertEquals(2, box.call(Sys.POLL, FDS, 3, -1));
    assertEquals(PollEvents.NVAL, result(0));
    assertEquals(0, result(1));
    assertEquals(PollEvents.OUT, result(2));
  }

  @Test
  void tooManyEntriesAndBadAddressesAreRefused() {
    box.task.process().limits().set(Limits.NOFILE, 4, 4);
    assertEquals(-Errno.EINVAL, box.call(Sys.POLL, FDS, 5, 0));
    assertEquals(-Errno.EFAULT, box.call(Sys.POLL, 0, 1, 0));
    assertEquals(0, box.call(Sys.POLL, 0, 0, 0));
    box.putLongs(0x1000, 0, 1_000_000_000);
    assertEquals(-Errno.EINVAL, box.call(Sys.PPOLL, FDS, 0, TIMEOUT, 0, 0));
  }

  @Test
  void waiterIsWokenByTheEvent() {
    entry(0, 0, PollEvents.IN);
    CompletableFuture<Long> waiting =
        box.start(box.newTask(2), t -> box.call(t, Sys.POLL, FDS, 1, -1));
    box.awaitWaiter(counter);
    counter.add(1);
    assertEquals(1, waiting.join());
    assertEquals(PollEvents.IN, result(0));
  }

  @Test
  void timeoutPassesAndWritesNothingLeft() {
    entry(0, 0, PollEvents.IN);
    assertEquals(0, box.call(Sys.POLL, FDS, 1, 1));
    box.putLongs(0x1000, 0, 1_000_000);
    assertEquals(0, box.call(Sys.PPOLL, FDS, 1, TIMEOUT, 0, 0));
    assertEquals(0, box.getLong(0x1000));
    assertEquals(0, box.getLong(0x1008));
  }

  @Test
  void interruptedCallsAskForTheirOwnWayOfRestarting() {
    entry(0, 0, PollEvents.IN);
    assertEquals(-Errno.ERESTART_RESTARTBLOCK, interrupted(Sys.POLL, FDS, 1, -1));
    box.putLongs(0x1000, 1000, 0);
    assertEquals(-Errno.ERESTARTNOHAND, interrupted(Sys.PPOLL, FDS, 1, TIMEOUT, 0, 0));
    assertEquals(999, box.getLong(0x1000));
    box.putLongs(0x100, 1);
    long set = FlatMemory.BASE + 0x100;
    assertEquals(-Errno.ERESTARTNOHAND, interrupted(Sys.SELECT, 1, set, 0, 0, 0));
    assertEquals(1, box.getLong(0x100));
  }

  private long interrupted(int number, long... arguments) {
    Task task = box.newTask(2);
    CompletableFuture<Long> waiting = box.start(task, t -> box.call(t, number, arguments));
    box.awaitWaiter(counter);
    task.interrupt();
    return waiting.join();
  }

  @Test
  void maskOfAnotherSizeIsRefused() {
    assertEquals(-Errno.EINVAL, box.call(Sys.PPOLL, FDS, 0, 0, FDS, 4));
    box.putLongs(0x1000, FDS, 4);
    assertEquals(-Errno.EINVAL, box.call(Sys.PSELECT6, 0, 0, 0, 0, 0, TIMEOUT));
  }

  @Test
  void temporaryMaskIsGoneAfterASuccessfulCall() {
    box.task.signals().setMask(1);
    box.putLongs(0x800, 2);
    box.putLongs(0x1000, 0, 0);
    assertEquals(0, box.call(Sys.PPOLL, FDS, 0, TIMEOUT, FlatMemory.BASE + 0x800, 8));
    assertEquals(1, box.task.signals().mask());
  }

  @Test
  void selectReplacesItsSetsAndCountsBits() {
    counter.add(1);
    box.putLongs(0x100, 1);
    box.putLongs(0x200, 1);
    box.putLongs(0x300, 1);
    long sets = FlatMemory.BASE + 0x100;
    assertEquals(2, box.call(Sys.SELECT, 1, sets, sets + 0x100, sets + 0x200, 0));
    assertEquals(1, box.getLong(0x100));
    assertEquals(1, box.getLong(0x200));
    assertEquals(0, box.getLong(0x300));
  }

  @Test
  void selectChecksItsArguments() {
    box.putLongs(0x100, 2);
    long set = FlatMemory.BASE + 0x100;
    assertEquals(-Errno.EINVAL, box.call(Sys.SELECT, -1, set, 0, 0, 0));
    assertEquals(-Errno.EBADF, box.call(Sys.SELECT, 2, set, 0, 0, 0));
    box.putLongs(0x1000, 0, -1);
    assertEquals(-Errno.EINVAL, box.call(Sys.SELECT, 0, 0, 0, 0, TIMEOUT));
    box.putLongs(0x1000, 0, 0);
    assertEquals(0, box.call(Sys.SELECT, 0, 0, 0, 0, TIMEOUT));
  }
}
