package dev.bulwark.sentry.syscall;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.auth.SecureBits;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.TestSandbox;
import org.junit.jupiter.api.Test;

class CredentialCallsTest {
  private static final int VERSION_1 = 0x19980330;
  private static final int VERSION_3 = 0x20080522;

  private final TestSandbox sandbox = new TestSandbox();
  private final Task task = sandbox.task;

  CredentialCallsTest() {
    task.setCredentials(Credentials.of(0, 0, new int[0], Capability.ALL));
  }

  private void become(int uid) {
    task.setCredentials(Credentials.of(uid, uid, new int[0], Capability.ALL));
  }

  private void assertUsers(int real, int effective, int saved, int fileSystem) {
    Credentials own = task.credentials();
    assertArrayEquals(
        new int[] {real, effective, saved, fileSystem},
        new int[] {own.uid(), own.euid(), own.suid(), own.fsuid()});
  }

  @Test
  void rootsSetuidGivesEverythingUp() {
    assertEquals(0, sandbox.call(Sys.SETUID, 1000));
    assertUsers(1000, 1000, 1000, 1000);
    assertEquals(0, task.credentials().permitted());
    assertEquals(-Errno.EPERM, sandbox.call(Sys.SETUID, 0));
    assertFalse(task.process().attributes().dumpable());
  }

  @Test
  void identitiesAreUnsigned() {
    assertEquals(0, sandbox.call(Sys.SETUID, 0xfffffffeL));
    assertEquals(0xfffffffeL, sandbox.call(Sys.GETUID));
    assertEquals(-Errno.EINVAL, sandbox.call(Sys.SETUID, -1));
  }

  @Test
  void savedUserBringsPrivilegesBack() {
    assertEquals(0, sandbox.call(Sys.SETRESUID, -1, 1000, -1));
    assertEquals(0, task.credentials().effective());
    assertEquals(Capability.ALL, task.credentials().permitted());
    assertEquals(0, sandbox.call(Sys.SETUID, 0));
    assertEquals(Capability.ALL, task.credentials().effective());
    assertUsers(0, 0, 0, 0);
  }

  @Test
  void setreuidSavesTheEffectiveUser() {
    assertEquals(0, sandbox.call(Sys.SETREUID, 5, 6));
    assertUsers(5, 6, 6, 6);
    assertEquals(0, sandbox.call(Sys.SETREUID, -1, 5));
    assertUsers(5, 5, 6, 5);
    assertEquals(-Errno.EPERM, sandbox.call(Sys.SETREUID, 6, -1));
    assertEquals(0, sandbox.call(Sys.SETREUID, -1, 6));
  }

  @Test
  void setresuidTakesOnlyKnownUsers() {
    become(1000);
    assertEquals(-Errno.EPERM, sandbox.call(Sys.SETRESUID, -1, 0, -1));
    assertEquals(0, sandbox.call(Sys.SETRESUID, 1000, 1000, 1000));
    assertTrue(task.process().attributes().dumpable());
  }

  @Test
  void fileSystemUserReturnsTheOldOneAndMovesCapabilities() {
    assertEquals(0, sandbox.call(Sys.SETFSUID, 1000));
    assertFalse(task.credentials().has(Capability.DAC_OVERRIDE));
    assertTrue(task.credentials().has(Capability.SETUID));
    assertEquals(1000, sandbox.call(Sys.SETFSUID, -1));
    assertEquals(1000, sandbox.call(Sys.SETFSUID, 0));
    assertTrue(task.credentials().has(Capability.DAC_OVERRIDE));
    become(7);
    assertEquals(7, sandbox.call(Sys.SETFSUID, 8));
    assertEquals(7, sandbox.call(Sys.SETFSUID, 7));
  }

  @Test
  void keptCapabilitiesAreNotEffective() {
    task.setCredentials(task.credentials().withSecurebits(SecureBits.KEEP_CAPS.mask()));
    assertEquals(0, sandbox.call(Sys.SETUID, 1000));
    assertEquals(Capability.ALL, task.credentials().permitted());
    assertEquals(0, task.credentials().effective());
  }

  @Test
  void withoutFixupIdentitiesAreJustNumbers() {
    task.setCredentials(task.credentials().withSecurebits(SecureBits.NO_SETUID_FIXUP.mask()));
    assertEquals(0, sandbox.call(Sys.SETUID, 1000));
    assertEquals(Capability.ALL, task.credentials().effective());
  }

  @Test
  void groupsFollowTheSameRulesWithoutCapabilities() {
    assertEquals(0, sandbox.call(Sys.SETRESGID, 1, 2, 3));
    assertEquals(Capability.ALL, task.credentials().effective());
    assertEquals(
        0,
        sandbox.call(
            Sys.GETRESGID, sandbox.putInts(0, 0), sandbox.putInts(4, 0), sandbox.putInts(8, 0)));
    assertEquals("1 2 3", sandbox.getInt(0) + " " + sandbox.getInt(4) + " " + sandbox.getInt(8));
    assertEquals(2, sandbox.call(Sys.SETFSGID, 9));
    task.setCredentials(task.credentials().withCapabilities(0, 0, 0, 0, 0));
    assertEquals(-Errno.EPERM, sandbox.call(Sys.SETGID, 2));
    assertEquals(0, sandbox.call(Sys.SETGID, 3));
  }

  @Test
  void supplementaryGroupsComeSorted() {
    assertEquals(0, sandbox.call(Sys.SETGROUPS, 3, sandbox.putInts(0, 30, -5, 10)));
    assertEquals(3, sandbox.call(Sys.GETGROUPS, 0, 0));
    assertEquals(-Errno.EINVAL, sandbox.call(Sys.GETGROUPS, 2, sandbox.putInts(64, 0)));
    assertEquals(3, sandbox.call(Sys.GETGROUPS, 3, sandbox.putInts(64, 0)));
    assertEquals(10, sandbox.getInt(64));
    assertEquals(30, sandbox.getInt(68));
    assertEquals(-5, sandbox.getInt(72));
    assertEquals(-Errno.EINVAL, sandbox.call(Sys.SETGROUPS, 65537, 0));
    assertEquals(-Errno.EFAULT, sandbox.call(Sys.SETGROUPS, 1, 8));
    become(1);
    assertEquals(-Errno.EPERM, sandbox.call(Sys.SETGROUPS, 0, 0));
  }

  @Test
  void capgetTellsTheNewestVersion() {
    long header = sandbox.putInts(0, 1, 0);
    assertEquals(-Errno.EINVAL, sandbox.call(Sys.CAPGET, header, sandbox.putInts(64, 0)));
    assertEquals(VERSION_3, sandbox.getInt(0));
    sandbox.putInts(0, 1, 0);
    assertEquals(0, sandbox.call(Sys.CAPGET, header, 0));
  }

  @Test
  void versionsDifferInSize() {
    long header = sandbox.putInts(0, VERSION_1, 0);
    long data = sandbox.putInts(64, 0, 0, 0, 7);
    assertEquals(0, sandbox.call(Sys.CAPGET, header, data));
    assertEquals(-1, sandbox.getInt(64));
    assertEquals(7, sandbox.getInt(76));
    sandbox.putInts(0, VERSION_3, 0);
    assertEquals(0, sandbox.call(Sys.CAPGET, header, data));
    assertEquals((int) (Capability.ALL >>> 32), sandbox.getInt(76));
  }

  @Test
  void capsetCannotAdd() {
    long header = sandbox.putInts(0, VERSION_3, 0);
    long none = sandbox.putInts(64, 0, 0, 0, 0, 0, 0);
    long one = sandbox.putInts(128, 1, 1, 1, 0, 0, 0);
    assertEquals(0, sandbox.call(Sys.CAPSET, header, one));
    assertEquals(1, task.credentials().permitted());
    assertEquals(1, task.credentials().inheritable());
    assertEquals(0, sandbox.call(Sys.CAPSET, header, none));
    assertEquals(-Errno.EPERM, sandbox.call(Sys.CAPSET, header, one));
    sandbox.putInts(0, VERSION_3, 4242);
    assertEquals(-Errno.EPERM, sandbox.call(Sys.CAPSET, header, none));
    assertEquals(-Errno.ESRCH, sandbox.call(Sys.CAPGET, header, none));
  }

  @Test
  void losingAPermittedCapabilityLosesTheAmbientOne() {
    Credentials own = task.credentials();
    task.setCredentials(
        own.withCapabilities(own.permitted(), own.effective(), 3, own.bounding(), 3));
    assertEquals(
        0,
        sandbox.call(
            Sys.CAPSET, sandbox.putInts(0, VERSION_3, 0), sandbox.putInts(64, 1, 1, 3, 0, 0, 0)));
    assertEquals(1, task.credentials().ambient());
  }
}
