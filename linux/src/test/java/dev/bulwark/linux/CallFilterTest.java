package dev.bulwark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CallFilterTest {
  private static final int X86_64 = 0xc000003e;
  private static final int I386 = 0x40000003;
  private static final int ALLOWED = 0x7fff0000;
  private static final int STOPPED = 0x7fc00000;

  private final CallFilter filter =
      new CallFilter(
          List.of(
              CallRule.any(1),
              CallRule.when(2, CallRule.oneOf(0, 5, 7), CallRule.within(2, 3)),
              CallRule.when(2, CallRule.oneOf(0, 9)),
              CallRule.when(3, CallRule.has(1, 0x1000)),
              CallRule.refused(4, Errno.ENOSYS),
              CallRule.refused(6, Errno.ENOENT, CallRule.oneOf(0, -100))));

  private int decide(int number, long... arguments) {
    long[] six = new long[6];
    System.arraycopy(arguments, 0, six, 0, arguments.length);
    return filter.decide(X86_64, number, six);
  }

  @Test
  void listedCallPassesAndOthersDoNot() {
    assertEquals(ALLOWED, decide(1, -1L, 4));
    assertEquals(STOPPED, decide(0));
    assertEquals(STOPPED, decide(5));
  }

  @Test
  void otherArchitecturesDoNotPass() {
    assertEquals(STOPPED, filter.decide(I386, 1, new long[6]));
    assertEquals(STOPPED, filter.decide(X86_64, 0x40000001, new long[6])); // x32
  }

  @Test
  void allConditionsOfARuleMustHold() {
    assertEquals(ALLOWED, decide(2, 5, 0, 3));
    assertEquals(ALLOWED, decide(2, 7, 0, 0));
    assertEquals(STOPPED, decide(2, 6, 0, 0));
    assertEquals(STOPPED, decide(2, 5, 0, 4));
  }

  @Test
  void bitsOfTheUpperHalfCount() {
    assertEquals(STOPPED, decide(2, 5, 0, 1L << 32));
  }

  @Test
  void upperHalfOfAnIntDoesNot() {
    assertEquals(ALLOWED, decide(2, 5 | 1L << 40, 0, 0));
  }

  @Test
  void rulesOfOneCallAreAlternatives() {
    assertEquals(ALLOWED, decide(2, 9, 0, 0xff));
  }

  @Test
  void bitsMustBeSet() {
    assertEquals(ALLOWED, decide(3, 0, 0x1100));
    assertEquals(STOPPED, decide(3, 0, 0x100));
  }

  @Test
  void refusedCallFailsWithItsErrno() {
    assertEquals(0x00050000 | Errno.ENOSYS, decide(4));
  }

  @Test
  void refusalOnConditionsLeavesOtherArgumentsForbidden() {
    assertEquals(0x00050000 | Errno.ENOENT, decide(6, 0xffffff9cL));
    assertEquals(STOPPED, decide(6, 3));
  }
}
