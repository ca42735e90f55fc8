package dev.bulwark.sentry.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.io.UserBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.mm.FlatMemory;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSet;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.syscall.Blocking;
import dev.bulwark.sentry.vfs.FileDescription;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeTest {
  private static final long OUT = FlatMemory.BASE;
  private static final long IN = FlatMemory.BASE + 0x1000;
  private static final long SECOND = 1_000_000_000L;

  private final TestSandbox box = new TestSandbox();

  @AfterEach
  void noAlarmIsLeft() {
    box.files.close();
    box.task.process().timers().exited();
    assertEquals(0, box.kernel.timers().pending());
  }

  @Test
  void clocksShowWhatTheHostShows() {
    for (int clock : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 11}) {
      assertEquals(0, box.call(Sys.CLOCK_GETTIME, clock, OUT), "clock " + clock);
    }
    assertEquals(0, box.call(Sys.CLOCK_GETTIME, 0, OUT));
    assertTrue(Math.abs(box.getLong(0) - System.currentTimeMillis() / 1000) <= 1);
    assertEquals(-Errno.EINVAL, box.call(Sys.CLOCK_GETTIME, 10, OUT));
    assertEquals(-Errno.EINVAL, box.call(Sys.CLOCK_GETTIME, (~9999 << 3) | 2, OUT));
    assertEquals(0, box.call(Sys.CLOCK_GETTIME, (~1 << 3) | 2, OUT));
    assertEquals(-Errno.EFAULT, box.call(Sys.CLOCK_GETTIME, 0, 0));
    assertEquals(-Errno.EPERM, box.call(Sys.CLOCK_SETTIME, 0, OUT));
    assertEquals(-Errno.EINVAL, box.call(Sys.CLOCK_SETTIME, 1, OUT));
  }

  @Test
  void sleepEndsAndChecksItsArguments() {
    box.putLongs(0x1000, 0, 1);
    assertEquals(0, box.call(Sys.NANOSLEEP, IN, 0));
    box.putLongs(0x1000, 0, SECOND);
    assertEquals(-Errno.EINVAL, box.call(Sys.NANOSLEEP, IN, 0));
    assertEquals(-Errno.EOPNOTSUPP, box.call(Sys.CLOCK_NANOSLEEP, 4, 0, IN, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.CLOCK_NANOSLEEP, 10, 0, IN, 0));
    box.putLongs(0x1000, 1, 0);
    assertEquals(0, box.call(Sys.CLOCK_NANOSLEEP, 1, 1, IN, 0));
  }

  @Test
  void interruptedSleepTellsWhatIsLeft() {
    box.putLongs(0x1000, 1000, 0);
    Task sleeper = box.newTask(2);
    sleeper.interrupt();
    CompletableFuture<Long> relative = box.start(sleeper, t -> box.call(t, Sys.NANOSLEEP, IN, OUT));
    assertEquals(-Errno.ERESTART_RESTARTBLOCK, relative.join());
    assertEquals(999, box.getLong(0));
    box.putLongs(0x1000, Long.MAX_VALUE, 0);
    CompletableFuture<Long> absolute =
        box.start(sleeper, t -> box.call(t, Sys.CLOCK_NANOSLEEP, 1, 1, IN, OUT));
    assertEquals(-Errno.ERESTARTNOHAND, absolute.join());
  }

  private FileDescription timerfd() {
    long fd = box.call(Sys.TIMERFD_CREATE, 1, 04000);
    assertEquals(0, fd);
    return box.file(fd);
  }

  @Test
  void timerDescriptorCountsExpirations() throws Exception {
    FileDescription file = timerfd();
    box.putLongs(0x1000, 0, 1000, 0, 1000);
    assertEquals(0, box.call(Sys.TIMERFD_SETTIME, 0, 0, IN, 0));
    assertEquals(8, Blocking.read(box.task, file, UserBuffer.of(box.memory, OUT, 8), -1, false));
    assertTrue(box.getLong(0) >= 1);
    assertEquals(0, box.call(Sys.TIMERFD_GETTIME, 0, OUT));
    assertEquals(1000, box.getLong(8));
    assertTrue(box.getLong(24) <= 1000);
    box.putLongs(0x1000, 0, 0, 0, 0);
    assertEquals(0, box.call(Sys.TIMERFD_SETTIME, 0, 0, IN, OUT));
    assertEquals(-Errno.EAGAIN, file.read(UserBuffer.of(box.memory, OUT, 8), -1));
    assertEquals(-Errno.EINVAL, file.read(UserBuffer.of(box.memory, OUT, 7), -1));
    assertEquals(0, file.poll());
  }

  @Test
  void absoluteTimeInThePastIsReadyAtOnceWithAllItsTicks() {
    FileDescription file = timerfd();
    long now = System.nanoTime();
    long start = now - 10 * SECOND;
    box.putLongs(0x1000, 1, 0, start / SECOND, start % SECOND);
    assertEquals(0, box.call(Sys.TIMERFD_SETTIME, 0, 1, IN, 0));
    assertEquals(8, file.read(UserBuffer.of(box.memory, OUT, 8), -1));
    assertTrue(box.getLong(0) >= 11);
  }

  @Test
  void timerDescriptorsRefuseWhatLinuxRefuses() {
    assertEquals(-Errno.EINVAL, box.call(Sys.TIMERFD_CREATE, 2, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.TIMERFD_CREATE, 1, 1));
    timerfd();
    box.putLongs(0x1000, 0, SECOND, 0, 0);
    assertEquals(-Errno.EINVAL, box.call(Sys.TIMERFD_SETTIME, 0, 0, IN, 0));
    box.call(Sys.EVENTFD, 0);
    assertEquals(-Errno.EINVAL, box.call(Sys.TIMERFD_GETTIME, 1, OUT));
  }

  private void awaitPending(int signal) {
    while (!SignalSet.has(box.task.signals().pendingAmong(-1), signal)) {
      Thread.onSpinWait();
    }
  }

  private SignalInfo take(int signal) {
    SignalInfo info = box.task.signals().take(SignalSet.bit(signal));
    if (info == null) {
      throw new AssertionError("signal " + signal + " is not pending");
    }
    return info;
  }

  @Test
  void alarmSendsItsSignalAndTellsWhatWasLeft() {
    box.task.signals().setMask(SignalSet.of(Signals.SIGALRM));
    assertEquals(0, box.call(Sys.ALARM, 100));
    assertEquals(100, box.call(Sys.ALARM, 0));
    box.putLongs(0x1000, 0, 0, 0, 1);
    assertEquals(0, box.call(Sys.SETITIMER, 0, IN, 0));
    awaitPending(Signals.SIGALRM);
    assertEquals(SignalInfo.SI_KERNEL, take(Signals.SIGALRM).code());
    assertEquals(-Errno.EINVAL, box.call(Sys.GETITIMER, 3, OUT));
    assertEquals(0, box.call(Sys.GETITIMER, 0, OUT));
    assertEquals(0, box.getLong(24));
  }

  @Test
  void intervalOfASignalThatNobodyTakesCostsOneEntry() {
    box.task.signals().setMask(SignalSet.of(Signals.SIGALRM));
    box.putLongs(0x1000, 0, 1, 0, 1);
    assertEquals(0, box.call(Sys.SETITIMER, 0, IN, 0));
    awaitPending(Signals.SIGALRM);
    assertEquals(0, box.kernel.timers().pending());
    take(Signals.SIGALRM);
    awaitPending(Signals.SIGALRM);
  }

  private int create(int signal, int kind, int tid) {
    box.putInts(0x1000, 77, 0, signal, kind, tid);
    assertEquals(0, box.call(Sys.TIMER_CREATE, 1, IN, OUT));
    return box.getInt(0);
  }

  @Test
  void posixTimerTellsItsValueAndOverruns() {
    box.task.signals().setMask(SignalSet.of(40));
    int id = create(40, 0, 0);
    box.putLongs(0x1000, 0, 1000, 0, 1000);
    assertEquals(0, box.call(Sys.TIMER_SETTIME, id, 0, IN, 0));
    awaitPending(40);
    long until = System.nanoTime() + 1_000_000;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    SignalInfo info = take(40);
    assertEquals(SignalInfo.SI_TIMER, info.code());
    assertEquals(77, info.value());
    assertEquals(id, info.timerId());
    assertTrue(info.overrun() >= 900, "overrun " + info.overrun());
    assertEquals(info.overrun(), box.call(Sys.TIMER_GETOVERRUN, id));
    assertEquals(0, box.call(Sys.TIMER_DELETE, id));
    assertEquals(-Errno.EINVAL, box.call(Sys.TIMER_DELETE, id));
  }

  @Test
  void resettingATimerNeverQueuesASecondSignal() {
    box.task.signals().setMask(SignalSet.of(40));
    int id = create(40, 0, 0);
    box.putLongs(0x1000, 0, 0, 0, 1);
    for (int i = 0; i < 5; i++) {
      assertEquals(0, box.call(Sys.TIMER_SETTIME, id, 0, IN, 0));
      awaitPending(40);
    }
    while (box.kernel.timers().pending() > 0) {
      Thread.onSpinWait();
    }
    take(40);
    assertEquals(0, box.task.signals().pendingAmong(-1));
  }

  @Test
  void timerThatOnlyCountsSendsNothing() {
    int id = create(0, 1, 0);
    box.putLongs(0x1000, 0, 1, 0, 1);
    assertEquals(0, box.call(Sys.TIMER_SETTIME, id, 0, IN, 0));
    assertEquals(0, box.call(Sys.TIMER_GETTIME, id, OUT));
    assertEquals(1, box.getLong(8));
    assertEquals(0, box.kernel.timers().pending());
  }

  @Test
  void timersForATaskReachItAlone() {
    Task other = box.newTask(7);
    other.signals().setMask(SignalSet.of(41));
    int id = create(41, 4, 7);
    box.putLongs(0x1000, 0, 0, 0, 1);
    assertEquals(0, box.call(Sys.TIMER_SETTIME, id, 0, IN, 0));
    while (other.signals().ownPending() == 0) {
      Thread.onSpinWait();
    }
    assertEquals(0, box.task.signals().pendingAmong(-1));
  }

  @Test
  void badNotificationsAreRefused() {
    box.putInts(0x1000, 0, 0, 65, 0, 0);
    assertEquals(-Errno.EINVAL, box.call(Sys.TIMER_CREATE, 1, IN, OUT));
    box.putInts(0x1000, 0, 0, 10, 4, 999);
    assertEquals(-Errno.EINVAL, box.call(Sys.TIMER_CREATE, 1, IN, OUT));
    box.putInts(0x1000, 0, 0, 10, 9, 0);
    assertEquals(-Errno.EINVAL, box.call(Sys.TIMER_CREATE, 1, IN, OUT));
    assertEquals(-Errno.EOPNOTSUPP, box.call(Sys.TIMER_CREATE, 4, 0, OUT));
    assertEquals(-Errno.EFAULT, box.call(Sys.TIMER_CREATE, 1, 0, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.TIMER_GETTIME, 0, OUT));
  }

  @Test
  void alarmsRingInTheOrderOfTheirTimes() throws Exception {
    Timers timers = new Timers();
    java.util.concurrent.LinkedBlockingQueue<Integer> rang =
        new java.util.concurrent.LinkedBlockingQueue<>();
    long now = System.nanoTime();
    Timers.Alarm cancelled = timers.alarm(() -> rang.add(9));
    cancelled.set(now + 200_000_000);
    for (int i : new int[] {3, 1, 2}) {
      timers.alarm(() -> rang.add(i)).set(now + 300_000_000 + i * 1_000_000L);
    }
    cancelled.cancel();
    assertEquals(1, rang.take());
    assertEquals(2, rang.take());
    assertEquals(3, rang.take());
    assertEquals(0, timers.pending());
  }
}
