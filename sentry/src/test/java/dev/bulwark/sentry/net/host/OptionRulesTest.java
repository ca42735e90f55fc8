package dev.bulwark.sentry.net.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import org.junit.jupiter.api.Test;

class OptionRulesTest {
  private static final OptionRules RULES = new OptionRules("1 2:4:4 3:0:8\n6 2:16:0:12+13\n");
  private static final Credentials NOBODY = Credentials.of(1000, 1000, new int[0], 0);
  private static final Credentials RAW = Credentials.of(0, 0, new int[0], 1L << Capability.NET_RAW);

  @Test
  void listedOnesHaveTheirLengths() throws ErrnoException {
    assertEquals(4, RULES.forSetting(1, 2, NOBODY).set());
    assertEquals(8, RULES.forGetting(1, 3).get());
    assertEquals(16, RULES.forSetting(6, 2, RAW).set());
  }

  private static void refused(int errno, org.junit.jupiter.api.function.Executable action) {
    assertEquals(errno, assertThrows(ErrnoException.class, action).errno());
  }

  @Test
  void othersAreRefused() {
    refused(Errno.ENOPROTOOPT, () -> RULES.forSetting(1, 3, RAW));
    refused(Errno.ENOPROTOOPT, () -> RULES.forGetting(6, 2));
    refused(Errno.ENOPROTOOPT, () -> RULES.forSetting(2, 1, RAW));
    refused(Errno.ENOPROTOOPT, () -> RULES.forGetting(1, -2));
    refused(Errno.EPERM, () -> RULES.forSetting(6, 2, NOBODY));
  }
}
