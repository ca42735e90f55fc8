package dev.bulwark.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerLimitsTest {
  private static final SeccompProfile PROFILE =
      new SeccompProfile(
          SeccompProfile.Action.ERRNO,
          SeccompProfile.NO_ERRNO,
          List.of("SECCOMP_FILTER_FLAG_LOG"),
          List.of(
              new SeccompProfile.Rule(
                  List.of("read", "write"),
                  SeccompProfile.Action.ALLOW,
                  SeccompProfile.NO_ERRNO,
                  List.of()),
              new SeccompProfile.Rule(
                  List.of("clone"),
                  SeccompProfile.Action.TRACE,
                  7,
                  List.of(
                      new SeccompProfile.Arg(0, -1L, 5, SeccompProfile.Op.MASKED_EQ),
                      new SeccompProfile.Arg(5, 3, 0, SeccompProfile.Op.NE)))));

  private static final ResourceLimits LIMITS =
      new ResourceLimits(1L << 40, 2L << 40, 150_000, 100_000, 1024, "0-2,5", 77);

  @Test
  void profileTravels() throws MalformedException {
    assertEquals(PROFILE, SeccompProfile.decode(PROFILE.encode()));
  }

  @Test
  void limitsTravel() throws MalformedException {
    assertEquals(LIMITS, ResourceLimits.decode(LIMITS.encode()));
    assertEquals(ResourceLimits.NONE, ResourceLimits.decode(ResourceLimits.NONE.encode()));
  }

  @Test
  void whatIsCutOffOrChangedIsRefused() {
    byte[] profile = PROFILE.encode();
    for (int length = 0; length < profile.length; length++) {
      byte[] cut = Arrays.copyOf(profile, length);
      assertThrows(MalformedException.class, () -> SeccompProfile.decode(cut));
    }
    byte[] limits = LIMITS.encode();
    for (int length = 0; length < limits.length; length++) {
      byte[] cut = Arrays.copyOf(limits, length);
      assertThrows(MalformedException.class, () -> ResourceLimits.decode(cut));
    }
    int refused = 0;
    for (int at = 0; at < profile.length; at++) {
      byte[] wrong = profile.clone();
      wrong[at] ^= (byte) 0x80;
      try {
        SeccompProfile.decode(wrong);
      } catch (MalformedException expected) { // anything but another exception
        refused++;
      }
    }
    assertTrue(refused > 0);
    limits[7] = (byte) 0x80;
    assertThrows(MalformedException.class, () -> ResourceLimits.decode(limits));
  }

  @Test
  void namesAreThoseOfTheConfiguration() {
    assertEquals(
        SeccompProfile.Action.KILL_PROCESS, SeccompProfile.Action.ofName("SCMP_ACT_KILL_PROCESS"));
    assertEquals(SeccompProfile.Op.MASKED_EQ, SeccompProfile.Op.ofName("SCMP_CMP_MASKED_EQ"));
    assertNull(SeccompProfile.Action.ofName("ALLOW"));
    assertNull(SeccompProfile.Op.ofName("SCMP_CMP_XX"));
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new SeccompProfile.Arg(6, 0, 0, SeccompProfile.Op.EQ));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SeccompProfile(SeccompProfile.Action.ERRNO, 65536, List.of(), List.of()));
    assertThrows(IllegalArgumentException.class, () -> new ResourceLimits(-1, 0, 0, 0, 0, "", 0));
  }
}
