package dev.bulwark.sentry.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class AccountsTest {
  private static final Accounts KNOWN =
      new Accounts(
          """
          root:x:0:0:root:/root:/bin/bash
          broken line
          ann:x:1000:1001:Ann:/home/ann:/bin/sh
          """,
          """
          root:x:0:
          ann:x:1001:
          audio:x:29:bob,ann
          """);

  private static Accounts.Identity identity(String asked) {
    return Objects.requireNonNull(KNOWN.find(asked));
  }

  @Test
  void nobodyAskedForIsRoot() {
    assertEquals(0, identity("").uid());
    assertEquals("/root", identity("").home());
  }

  @Test
  void nameBringsItsGroups() {
    Accounts.Identity ann = identity("ann");
    assertEquals(1000, ann.uid());
    assertEquals(1001, ann.gid());
    assertArrayEquals(new int[] {29}, ann.groups());
    assertEquals("/home/ann", ann.home());
  }

  @Test
  void numbersNeedNotBeKnown() {
    assertEquals(4711, identity("4711").uid());
    assertEquals(0, identity("4711").gid());
    assertEquals(7, identity("4711:7").gid());
    assertEquals("/home/ann", identity("1000:audio").home());
    assertArrayEquals(new int[0], identity("1000:audio").groups());
  }

  @Test
  void unknownNamesAndNonsenseAreRefused() {
    assertNull(KNOWN.find("eve"));
    assertNull(KNOWN.find("ann:eve"));
    assertNull(KNOWN.find("-1"));
    assertNull(KNOWN.find("99999999999"));
    assertEquals(0, Objects.requireNonNull(new Accounts("", "").find("")).uid());
  }
}
