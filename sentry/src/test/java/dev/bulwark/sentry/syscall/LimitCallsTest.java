package dev.bulwark.sentry.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.mm.FlatMemory;
import org.junit.jupiter.api.Test;

class LimitCallsTest {
  private final TestSandbox sandbox = new TestSandbox();
  private final Task task = sandbox.task;

  @Test
  void getTellsBothLimits() {
    assertEquals(0, sandbox.call(Sys.GETRLIMIT, Limits.STACK, FlatMemory.BASE));
    assertEquals(8L << 20, sandbox.getLong(0));
    assertEquals(-1, sandbox.getLong(8));
    assertEquals(-Errno.EINVAL, sandbox.call(Sys.GETRLIMIT, Limits.COUNT, FlatMemory.BASE));
    assertEquals(-Errno.EINVAL, sandbox.call(Sys.GETRLIMIT, -1, FlatMemory.BASE));
    assertEquals(-Errno.EFAULT, sandbox.call(Sys.GETRLIMIT, 0, 8));
  }

  @Test
  void raisingTheHardLimitTakesAPrivilege() {
    long lower = sandbox.putLongs(0, 5, 10);
    assertEquals(0, sandbox.call(Sys.SETRLIMIT, Limits.FSIZE, lower));
    long higher = sandbox.putLongs(16, 5, 11);
    assertEquals(-Errno.EPERM, sandbox.call(Sys.SETRLIMIT, Limits.FSIZE, higher));
    task.setCredentials(Credentials.of(0, 0, new int[0], 1L << Capability.SYS_RESOURCE));
    assertEquals(0, sandbox.call(Sys.SETRLIMIT, Limits.FSIZE, higher));
  }

  @Test
  void softIsNotAboveHard() {
    assertEquals(
        -Errno.EINVAL, sandbox.call(Sys.SETRLIMIT, Limits.FSIZE, sandbox.putLongs(0, -1, 10)));
    assertEquals(-Errno.EFAULT, sandbox.call(Sys.SETRLIMIT, 99, 8));
    assertEquals(-Errno.EINVAL, sandbox.call(Sys.SETRLIMIT, 99, sandbox.putLongs(0, 1, 1)));
  }

  @Test
  void descriptorsHaveAMaximumEvenForRoot() {
    task.setCredentials(Credentials.of(0, 0, new int[0], Capability.ALL));
    long many = sandbox.putLongs(0, 1, (1 << 20) + 1);
    assertEquals(-Errno.EPERM, sandbox.call(Sys.SETRLIMIT, Limits.NOFILE, many));
  }

  @Test
  void prlimitExchanges() {
    long next = sandbox.putLongs(0, 3, 4);
    assertEquals(0, sandbox.call(Sys.PRLIMIT64, 0, Limits.CORE, next, FlatMemory.BASE + 64));
    assertEquals(0, sandbox.getLong(64));
    assertEquals(-1, sandbox.getLong(72));
    assertEquals(3, task.process().limits().soft(Limits.CORE));
    assertEquals(-Errno.ESRCH, sandbox.call(Sys.PRLIMIT64, 4242, Limits.CORE, 0, 0));
  }

  @Test
  void othersCanBeLimitedByTheirUserOnly() {
    Task other = sandbox.newTask(2);
    sandbox.kernel.tasks().add(other);
    assertEquals(0, sandbox.call(Sys.PRLIMIT64, 2, Limits.CORE, 0, 0));
    other.setCredentials(Credentials.of(5, 0, new int[0], 0));
    assertEquals(-Errno.EPERM, sandbox.call(Sys.PRLIMIT64, 2, Limits.CORE, 0, 0));
    task.setCredentials(Credentials.of(0, 0, new int[0], 1L << Capability.SYS_RESOURCE));
    assertEquals(0, sandbox.call(Sys.PRLIMIT64, 2, Limits.CORE, 0, 0));
  }
}
