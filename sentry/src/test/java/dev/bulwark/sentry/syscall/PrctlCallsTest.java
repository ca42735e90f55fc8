package dev.bulwark.sentry.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.mm.FlatMemory;
import org.junit.jupiter.api.Test;

class PrctlCallsTest {
  private static final long BUFFER = FlatMemory.BASE + 512;

  private final TestSandbox sandbox = new TestSandbox();
  private final Task task = sandbox.task;

  PrctlCallsTest() {
    task.setCredentials(Credentials.of(0, 0, new int[0], Capability.ALL));
  }

  private long prctl(int option, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = option;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return sandbox.call(Sys.PRCTL, all);
  }

  @Test
  void nameIsCutAndPadded() {
    assertEquals(0, prctl(15, sandbox.put(0, "a-name-that-is-too-long\0")));
    sandbox.put(512, "################");
    assertEquals(0, prctl(16, BUFFER));
    assertEquals("a-name-that-is-\0", sandbox.get(512, 16));
    assertEquals(0, prctl(15, sandbox.put(0, "x\0")));
    assertEquals(0, prctl(16, BUFFER));
    assertEquals("x" + "\0".repeat(15), sandbox.get(512, 16));
    assertEquals(-Errno.EFAULT, prctl(15, 8));
  }

  @Test
  void noNewPrivilegesStays() {
    assertEquals(0, prctl(39));
    assertEquals(-Errno.EINVAL, prctl(38, 0));
    assertEquals(-Errno.EINVAL, prctl(38, 1, 1));
    assertEquals(0, prctl(38, 1));
    assertEquals(1, prctl(39));
    assertEquals(true, task.attributes().forChild().noNewPrivileges());
  }

  @Test
  void deathSignalIsNotInherited() {
    assertEquals(-Errno.EINVAL, prctl(1, 65));
    assertEquals(0, prctl(1, 9));
    assertEquals(0, prctl(2, BUFFER));
    assertEquals(9, sandbox.getInt(512));
    assertEquals(0, task.attributes().forChild().deathSignal());
  }

  @Test
  void boundingSetOnlyShrinks() {
    assertEquals(1, prctl(23, Capability.KILL));
    assertEquals(0, prctl(24, Capability.KILL));
    assertEquals(0, prctl(23, Capability.KILL));
    assertEquals(-Errno.EINVAL, prctl(23, 41));
    task.setCredentials(Credentials.of(1, 1, new int[0], Capability.ALL));
    assertEquals(-Errno.EPERM, prctl(24, 41));
  }

  @Test
  void ambientNeedsPermittedAndInheritable() {
    assertEquals(-Errno.EPERM, prctl(47, 2, Capability.KILL));
    Credentials own = task.credentials();
    task.setCredentials(
        own.withCapabilities(own.permitted(), own.effective(), ~0L, own.bounding(), 0));
    assertEquals(0, prctl(47, 2, Capability.KILL));
    assertEquals(1, prctl(47, 1, Capability.KILL));
    assertEquals(0, prctl(47, 4));
    assertEquals(0, prctl(47, 1, Capability.KILL));
    assertEquals(-Errno.EINVAL, prctl(47, 9, Capability.KILL));
  }

  @Test
  void locksHoldSecurebits() {
    assertEquals(0, prctl(28, 0b11));
    assertEquals(-Errno.EPERM, prctl(28, 0b10));
    assertEquals(-Errno.EPERM, prctl(28, 0b01));
    assertEquals(0b11, prctl(27));
    assertEquals(0, prctl(8, 1));
    assertEquals(1, prctl(7));
    assertEquals(-Errno.EINVAL, prctl(8, 2));
  }

  @Test
  void unknownOptionsAreInvalid() {
    assertEquals(-Errno.EINVAL, prctl(9999));
    assertEquals(-Errno.EINVAL, prctl(4, 2));
  }

  @Test
  void segmentBasesAreRegisters() {
    assertEquals(0, sandbox.call(Sys.ARCH_PRCTL, 0x1002, 0x1234));
    assertEquals(0x1234, task.context().registers().fsBase);
    assertEquals(0, sandbox.call(Sys.ARCH_PRCTL, 0x1003, BUFFER));
    assertEquals(0x1234, sandbox.getLong(512));
    assertEquals(-Errno.EPERM, sandbox.call(Sys.ARCH_PRCTL, 0x1002, -1));
    assertEquals(-Errno.EINVAL, sandbox.call(Sys.ARCH_PRCTL, 0x3001, BUFFER));
  }
}
