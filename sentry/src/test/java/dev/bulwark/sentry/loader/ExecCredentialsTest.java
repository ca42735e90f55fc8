package dev.bulwark.sentry.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

final class ExecCredentialsTest {
  private static final long DOCKER = 0xa80425fbL;
  private static final long NET_RAW = 1L << Capability.NET_RAW;
  private static final long CHOWN = 1L << Capability.CHOWN;
  private static final long SYS_ADMIN = 1L << Capability.SYS_ADMIN;

  private final Credentials user = Credentials.of(1000, 1000, new int[0], DOCKER);
  private final FakeFile file = FakeFile.of("");

  private static byte[] attribute(long permitted, long inheritable, boolean effective) {
    return ByteBuffer.allocate(20)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x02000000 | (effective ? 1 : 0))
        .putInt((int) permitted)
        .putInt((int) inheritable)
        .putInt((int) (permitted >>> 32))
        .putInt((int) (inheritable >>> 32))
        .array();
  }

  private ExecCredentials exec(Credentials old) throws ErrnoException {
    return ExecCredentials.after(old, file, false, false);
  }

  @Test
  void plainProgramChangesNothing() throws Exception {
    ExecCredentials after = exec(user);
    assertEquals(1000, after.credentials().euid());
    assertEquals(0, after.credentials().permitted());
    assertFalse(after.secure());
    assertTrue(after.dumpable());
  }

  @Test
  void rootKeepsWhatTheBoundingSetAdmits() throws Exception {
    ExecCredentials after = exec(Credentials.of(0, 0, new int[0], DOCKER));
    assertEquals(DOCKER, after.credentials().permitted());
    assertEquals(DOCKER, after.credentials().effective());
    assertFalse(after.secure());
  }

  @Test
  void setUserIdRootGivesRootsCapabilities() throws Exception {
    file.mode = 0104755;
    ExecCredentials after = exec(user);
    assertEquals(1000, after.credentials().uid());
    assertEquals(0, after.credentials().euid());
    assertEquals(0, after.credentials().suid());
    assertEquals(0, after.credentials().fsuid());
    assertEquals(DOCKER, after.credentials().effective());
    assertTrue(after.secure());
    assertFalse(after.dumpable());
  }

  @Test
  void setUserIdCountsForNothingWithoutPermission() throws Exception {
    file.mode = 0104755;
    assertEquals(1000, ExecCredentials.after(user, file, true, false).credentials().euid());
    assertEquals(1000, ExecCredentials.after(user, file, false, true).credentials().euid());
    file.noSetUserId = true;
    assertEquals(1000, exec(user).credentials().euid());
  }

  @Test
  void setGroupIdNeedsTheGroupsExecuteBit() throws Exception {
    file.gid = 5;
    file.mode = 0102745;
    assertEquals(1000, exec(user).credentials().egid());
    file.mode = 0102755;
    assertEquals(5, exec(user).credentials().egid());
    assertEquals(5, exec(user).credentials().fsgid());
    assertTrue(exec(user).secure());
  }

  @Test
  void fileCapabilitiesAreGranted() throws Exception {
    file.capabilities = attribute(NET_RAW, 0, true);
    ExecCredentials after = exec(user);
    assertEquals(NET_RAW, after.credentials().permitted());
    assertEquals(NET_RAW, after.credentials().effective());
    assertTrue(after.secure());
    file.capabilities = attribute(NET_RAW, 0, false);
    assertEquals(0, exec(user).credentials().effective());
    assertEquals(0, ExecCredentials.after(user, file, true, false).credentials().permitted());
  }

  @Test
  void effectiveFileCapabilitiesOutsideTheBoundingSetForbidTheProgram() throws Exception {
    file.capabilities = attribute(SYS_ADMIN, 0, true);
    ErrnoException thrown = assertThrows(ErrnoException.class, () -> exec(user));
    assertEquals(Errno.EPERM, thrown.errno());
    file.capabilities = attribute(SYS_ADMIN, 0, false);
    assertEquals(0, exec(user).credentials().permitted());
  }

  @Test
  void inheritableCapabilitiesMeetThoseOfTheFile() throws Exception {
    Credentials old = user.withCapabilities(0, 0, NET_RAW | CHOWN, DOCKER, 0);
    file.capabilities = attribute(0, NET_RAW, true);
    assertEquals(NET_RAW, exec(old).credentials().effective());
  }

  @Test
  void ambientCapabilitiesSurviveAPlainProgramOnly() throws Exception {
    Credentials old = user.withCapabilities(CHOWN, CHOWN, CHOWN, DOCKER, CHOWN);
    ExecCredentials after = exec(old);
    assertEquals(CHOWN, after.credentials().effective());
    assertEquals(CHOWN, after.credentials().ambient());
    assertFalse(after.secure());
    file.capabilities = attribute(NET_RAW, 0, true);
    assertEquals(0, exec(old).credentials().ambient());
    assertEquals(NET_RAW, exec(old).credentials().effective());
  }

  @Test
  void noRootModeTakesRootsPrivilege() throws Exception {
    Credentials root = Credentials.of(0, 0, new int[0], DOCKER).withSecurebits(1 | 1 << 4);
    ExecCredentials after = exec(root);
    assertEquals(0, after.credentials().permitted());
    assertEquals(1, after.credentials().securebits());
  }

  @Test
  void setUserIdRootWithFileCapabilitiesGetsThoseAlone() throws Exception {
    file.mode = 0104755;
    file.capabilities = attribute(NET_RAW, 0, true);
    assertEquals(NET_RAW, exec(user).credentials().permitted());
  }

  @Test
  void malformedAttributeIsIgnored() throws Exception {
    byte[] good = attribute(NET_RAW, 0, true);
    for (int length = 0; length < good.length; length++) {
      file.capabilities = java.util.Arrays.copyOf(good, length);
      assertEquals(0, exec(user).credentials().permitted());
    }
    good[3] = 7;
    file.capabilities = good;
    assertEquals(0, exec(user).credentials().permitted());
  }
}
