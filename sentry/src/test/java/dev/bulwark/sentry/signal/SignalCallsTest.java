package dev.bulwark.sentry.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.Registers;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.FlatMemory;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.syscall.Topics;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SignalCallsTest {
  private static final long IN = FlatMemory.BASE;
  private static final long OUT = FlatMemory.BASE + 256;
  private static final int SI_QUEUE = SignalInfo.SI_QUEUE;

  private final Sandbox sandbox = new Sandbox();
  private final Task task = sandbox.fork(sandbox.init);
  private final FlatMemory memory = new FlatMemory(4096);
  private final SyscallTable table = Topics.table();

  @BeforeEach
  void adopt() {
    task.adopt();
    task.setMemory(memory);
  }

  private long call(int number, long... arguments) {
    return call(task, number, arguments);
  }

  private long call(Task caller, int number, long... arguments) {
    long[] a = Arrays.copyOf(arguments, 6);
    return table.dispatch(caller, number, a[0], a[1], a[2], a[3], a[4], a[5]);
  }

  private long put(long... values) throws ErrnoException {
    for (int i = 0; i < values.length; i++) {
      memory.putLong(IN + 8L * i, values[i]);
    }
    return IN;
  }

  @Test
  void sigactionStoresKnownFlagsAndGivesTheOldAction() throws ErrnoException {
    put(0x1234, SignalAction.SA_RESTART | 1L << 40 | 1L << 9, 0x5678, -1);
    assertEquals(0, call(Sys.RT_SIGACTION, Signals.SIGUSR1, IN, 0, 8));
    assertEquals(0, call(Sys.RT_SIGACTION, Signals.SIGUSR1, 0, OUT, 8));
    assertEquals(0x1234, memory.getLong(OUT));
    assertEquals(SignalAction.SA_RESTART, memory.getLong(OUT + 8));
    assertEquals(0x5678, memory.getLong(OUT + 16));
    assertEquals(~SignalSet.UNBLOCKABLE, memory.getLong(OUT + 24));
  }

  @Test
  void sigactionRefusesWhatLinuxRefuses() throws ErrnoException {
    put(0, 0, 0, 0);
    assertEquals(-Errno.EINVAL, call(Sys.RT_SIGACTION, Signals.SIGUSR1, IN, 0, 4));
    assertEquals(-Errno.EINVAL, call(Sys.RT_SIGACTION, Signals.SIGKILL, IN, 0, 8));
    assertEquals(0, call(Sys.RT_SIGACTION, Signals.SIGKILL, 0, OUT, 8));
    assertEquals(-Errno.EINVAL, call(Sys.RT_SIGACTION, 65, 0, OUT, 8));
    assertEquals(-Errno.EINVAL, call(Sys.RT_SIGACTION, 0, 0, OUT, 8));
    assertEquals(-Errno.EFAULT, call(Sys.RT_SIGACTION, Signals.SIGKILL, 8, 0, 8));
  }

  @Test
  void sigprocmaskBlocksUnblocksAndSets() throws ErrnoException {
    put(0b11);
    assertEquals(0, call(Sys.RT_SIGPROCMASK, 0, IN, 0, 8));
    put(0b01);
    assertEquals(0, call(Sys.RT_SIGPROCMASK, 1, IN, OUT, 8));
    assertEquals(0b11, memory.getLong(OUT));
    assertEquals(0b10, task.signals().mask());
    put(-1);
    assertEquals(0, call(Sys.RT_SIGPROCMASK, 2, IN, 0, 8));
    assertEquals(~SignalSet.UNBLOCKABLE, task.signals().mask());
    assertEquals(-Errno.EINVAL, call(Sys.RT_SIGPROCMASK, 3, IN, 0, 8));
    assertEquals(0, call(Sys.RT_SIGPROCMASK, 3, 0, OUT, 8));
    assertEquals(-Errno.EINVAL, call(Sys.RT_SIGPROCMASK, 0, IN, 0, 16));
  }

  @Test
  void sigpendingShowsWhatIsBlockedAndSent() throws ErrnoException {
    task.signals().setMask(SignalSet.of(Signals.SIGHUP, 40));
    call(Sys.KILL, task.process().pid(), Signals.SIGHUP);
    call(Sys.TKILL, task.tid(), 40);
    assertEquals(0, call(Sys.RT_SIGPENDING, OUT, 8));
    assertEquals(SignalSet.of(Signals.SIGHUP, 40), memory.getLong(OUT));
    assertEquals(-Errno.EINVAL, call(Sys.RT_SIGPENDING, OUT, 9));
  }

  @Test
  void timedwaitTakesAPendingSignalWithItsInformation() throws ErrnoException {
    task.signals().setMask(SignalSet.of(40));
    SignalInfo info = SignalInfo.queued(40, SI_QUEUE, 3, 4, 99);
    memory.write(IN, info.encode());
    assertEquals(0, call(Sys.RT_SIGQUEUEINFO, task.process().pid(), 40, IN));
    put(SignalSet.of(40), 0, 0);
    assertEquals(40, call(Sys.RT_SIGTIMEDWAIT, IN, OUT, IN + 8, 8));
    assertEquals(info, SignalInfo.decode(memory.readBytes(OUT, 128), 40));
    assertEquals(-Errno.EAGAIN, call(Sys.RT_SIGTIMEDWAIT, IN, OUT, IN + 8, 8));
    put(SignalSet.of(40), 0, 1_000_000_000);
    assertEquals(-Errno.EINVAL, call(Sys.RT_SIGTIMEDWAIT, IN, OUT, IN + 8, 8));
    put(SignalSet.of(40), 0, 1000);
    assertEquals(-Errno.EAGAIN, call(Sys.RT_SIGTIMEDWAIT, IN, OUT, IN + 8, 8));
  }

  @Test
  void timedwaitWaitsForABlockedSignalAndEndsAtOthers() throws Exception {
    task.signals().setMask(SignalSet.of(Signals.SIGUSR1));
    Sandbox.handle(task, Signals.SIGHUP, 0);
    put(SignalSet.of(Signals.SIGUSR1));
    CompletableFuture<Long> result = waitElsewhere();
    SignalSender.send(task, Sandbox.kill(Signals.SIGUSR1));
    assertEquals(Signals.SIGUSR1, result.get());
    assertEquals(SignalSet.of(Signals.SIGUSR1), task.signals().mask());
    result = waitElsewhere();
    SignalSender.send(task, Sandbox.kill(Signals.SIGHUP));
    assertEquals(-Errno.EINTR, result.get());
  }

  @Test
  void timedwaitTakesASignalThatWouldEndTheProcess() throws Exception {
    task.signals().setMask(SignalSet.of(Signals.SIGTERM));
    put(SignalSet.of(Signals.SIGTERM));
    CompletableFuture<Long> result = waitElsewhere();
    while (task.signals().mask() != 0) {
      Thread.onSpinWait();
    }
    SignalSender.sendToProcess(task.process(), Sandbox.kill(Signals.SIGTERM));
    assertEquals(Signals.SIGTERM, result.get());
  }

  private CompletableFuture<Long> waitElsewhere() {
    CompletableFuture<Long> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              task.adopt();
              result.complete(call(Sys.RT_SIGTIMEDWAIT, IN, 0, 0, 8));
            });
    return result;
  }

  @Test
  void suspendReturnsOnASignalThatTheTemporaryMaskLetsThrough() throws ErrnoException {
    task.signals().setMask(SignalSet.of(Signals.SIGUSR1));
    Sandbox.handle(task, Signals.SIGUSR1, 0);
    SignalSender.send(task, Sandbox.kill(Signals.SIGUSR1));
    put(0);
    assertEquals(-Errno.ERESTARTNOHAND, call(Sys.RT_SIGSUSPEND, IN, 8));
    assertTrue(Delivery.needed(task, 0));
    assertEquals(SignalSet.of(Signals.SIGUSR1), task.signals().maskForFrame());
  }

  @Test
  void pauseEndsWithAnInterrupt() {
    task.interrupt();
    assertEquals(-Errno.ERESTARTNOHAND, call(Sys.PAUSE));
  }

  @Test
  void killFindsProcessesThreadsAndGroups() {
    Task child = sandbox.fork(task);
    Task thread = sandbox.thread(child);
    assertEquals(0, call(Sys.KILL, child.tid(), 0));
    assertEquals(0, call(Sys.KILL, thread.tid(), 0));
    assertEquals(-Errno.ESRCH, call(Sys.KILL, 9999, 0));
    assertEquals(-Errno.ESRCH, call(Sys.KILL, 9999, 99));
    assertEquals(-Errno.EINVAL, call(Sys.KILL, child.tid(), 65));
    assertEquals(-Errno.EINVAL, call(Sys.KILL, child.tid(), -1));
    assertEquals(-Errno.ESRCH, call(Sys.KILL, -9999, 0));
    assertEquals(-Errno.ESRCH, call(Sys.KILL, Integer.MIN_VALUE, 0));

    sandbox.tree.setGroup(child.process(), 0, 0);
    Sandbox.handle(child, Signals.SIGUSR1, 0);
    assertEquals(0, call(Sys.KILL, -child.tid(), Signals.SIGUSR1));
    SignalInfo info = child.signals().take(-1);
    assertEquals(
        SignalInfo.user(Signals.SIGUSR1, SignalInfo.SI_USER, task.process().pid(), 0), info);
  }

  @Test
  void killOfAllSparesTheFirstProcessAndTheSender() {
    Task other = sandbox.fork(sandbox.init);
    assertEquals(0, call(Sys.KILL, -1, Signals.SIGKILL));
    assertNotNull(other.process().signals().exiting());
    assertEquals(null, task.process().signals().exiting());
    assertEquals(null, sandbox.init.process().signals().exiting());
  }

  @Test
  void killWithoutPermissionIsRefused() {
    Task other = sandbox.fork(sandbox.init);
    task.setCredentials(Credentials.of(1000, 1000, new int[0], 0));
    assertEquals(-Errno.EPERM, call(Sys.KILL, other.tid(), 0));
    assertEquals(-Errno.EPERM, call(Sys.TGKILL, other.tid(), other.tid(), Signals.SIGTERM));
    assertEquals(0, call(Sys.KILL, other.tid(), Signals.SIGCONT));
    assertEquals(0, call(Sys.KILL, 0, 0));
  }

  @Test
  void tgkillNamesAThreadOfOneProcess() {
    Task thread = sandbox.thread(task);
    Sandbox.handle(task, Signals.SIGUSR1, 0);
    assertEquals(0, call(Sys.TGKILL, task.tid(), thread.tid(), Signals.SIGUSR1));
    assertEquals(SignalSet.of(Signals.SIGUSR1), thread.signals().ownPending());
    assertEquals(-Errno.ESRCH, call(Sys.TGKILL, thread.tid(), thread.tid(), 0));
    assertEquals(-Errno.EINVAL, call(Sys.TGKILL, 0, thread.tid(), 0));
    assertEquals(-Errno.EINVAL, call(Sys.TKILL, 0, 0));
    assertEquals(-Errno.EINVAL, call(Sys.TKILL, thread.tid(), 65));
    assertEquals(-Errno.ESRCH, call(Sys.TKILL, 9999, 0));
  }

  @Test
  void nobodyPretendsToBeTheKernelTowardsOthers() throws ErrnoException {
    Task other = sandbox.fork(sandbox.init);
    memory.write(IN, SignalInfo.kernel(40).encode());
    assertEquals(-Errno.EPERM, call(Sys.RT_SIGQUEUEINFO, other.tid(), 40, IN));
    assertEquals(-Errno.EPERM, call(Sys.RT_TGSIGQUEUEINFO, other.tid(), other.tid(), 40, IN));
    assertEquals(0, call(Sys.RT_SIGQUEUEINFO, task.tid(), 40, IN));
    memory.putByte(IN + 100, 1);
    assertEquals(-Errno.E2BIG, call(Sys.RT_SIGQUEUEINFO, task.tid(), 40, IN));
  }

  @Test
  void alternateStackIsSetDisabledAndProtectedWhileInUse() throws ErrnoException {
    task.context().registers().set(Registers.RSP, 0x9000);
    put(0x10000, 0, 8192);
    assertEquals(0, call(Sys.SIGALTSTACK, IN, OUT));
    assertEquals(AlternateStack.DISABLE, memory.getInt(OUT + 8));
    assertEquals(0, call(Sys.SIGALTSTACK, 0, OUT));
    assertEquals(0x10000, memory.getLong(OUT));
    assertEquals(0, memory.getInt(OUT + 8));
    assertEquals(8192, memory.getLong(OUT + 16));

    task.context().registers().set(Registers.RSP, 0x11000);
    assertEquals(-Errno.EPERM, call(Sys.SIGALTSTACK, IN, 0));
    assertEquals(0, call(Sys.SIGALTSTACK, 0, OUT));
    assertEquals(AlternateStack.ONSTACK, memory.getInt(OUT + 8));

    task.context().registers().set(Registers.RSP, 0x9000);
    put(0x10000, 0, 2047);
    assertEquals(-Errno.ENOMEM, call(Sys.SIGALTSTACK, IN, 0));
    put(0x10000, 5, 8192);
    assertEquals(-Errno.EINVAL, call(Sys.SIGALTSTACK, IN, 0));
    put(0, AlternateStack.DISABLE, 0);
    assertEquals(0, call(Sys.SIGALTSTACK, IN, 0));
    assertEquals(0, call(Sys.SIGALTSTACK, 0, OUT));
    assertEquals(0, memory.getLong(OUT));
    assertEquals(AlternateStack.DISABLE, memory.getInt(OUT + 8));
  }

  @Test
  void restartSyscallGoesOnOnce() {
    assertEquals(-Errno.EINTR, call(Sys.RESTART_SYSCALL));
    task.signals().setRestart(_ -> 42);
    assertEquals(42, call(Sys.RESTART_SYSCALL));
    assertEquals(-Errno.EINTR, call(Sys.RESTART_SYSCALL));
  }
}
