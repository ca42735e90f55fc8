package dev.bulwark.runtime.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MountOptionsTest {
  @Test
  void laterOnesWin() {
    MountOptions options = of("ro", "rw", "nosuid", "noatime", "relatime", "exec", "noexec");
    assertEquals(
        MountOptions.MS_NOSUID | MountOptions.MS_RELATIME | MountOptions.MS_NOEXEC,
        options.flags());
    assertTrue((options.cleared() & MountOptions.MS_RDONLY) != 0);
  }

  @Test
  void bindsAreKnownByTypeOrOption() {
    assertTrue(of("bind").bind());
    assertFalse(of("bind").recursive());
    assertTrue(of("rbind").recursive());
    assertTrue(MountOptions.of(new Mount("/a", "bind", "/b", List.of())).bind());
    assertFalse(of("ro").bind());
  }

  @Test
  void wholeTreesAndPropagation() {
    MountOptions options = of("rbind", "rro", "rnosuid", "rrw", "rprivate", "slave", "tmpcopyup");
    assertEquals(MountOptions.MS_NOSUID, options.recursiveFlags());
    assertEquals(MountOptions.MS_RDONLY, options.recursiveCleared());
    assertEquals(List.of("rprivate", "slave"), options.propagation());
    assertTrue(options.copyUp());
    assertEquals(0, options.flags());
  }

  @Test
  void theRestIsTheFileSystems() {
    assertEquals(List.of("size=64m", "mode=1777"), of("size=64m", "nodev", "mode=1777").data());
    assertEquals(List.of(), of("defaults", "remount").data());
  }

  private static MountOptions of(String... options) {
    return MountOptions.of(new Mount("/a", "tmpfs", "", List.of(options)));
  }
}
