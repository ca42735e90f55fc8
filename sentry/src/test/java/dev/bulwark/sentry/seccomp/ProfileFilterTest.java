package dev.bulwark.sentry.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.control.SeccompProfile;
import dev.bulwark.control.SeccompProfile.Action;
import dev.bulwark.control.SeccompProfile.Arg;
import dev.bulwark.control.SeccompProfile.Op;
import dev.bulwark.control.SeccompProfile.Rule;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileFilterTest {
  private static final int EPERM = Actions.ERRNO | Errno.EPERM;
  private static final int ENOSYS = Actions.ERRNO | Errno.ENOSYS;

  private static Rule allow(String name, Arg... args) {
    return rule(Action.ALLOW, name, args);
  }

  private static Rule rule(Action action, String name, Arg... args) {
    return new Rule(List.of(name), action, SeccompProfile.NO_ERRNO, List.of(args));
  }

  private static Arg arg(int index, Op op, long value, long valueTwo) {
    return new Arg(index, value, valueTwo, op);
  }

  private static SeccompFilters refusing(Rule... rules) {
    return SeccompFilters.ofProfile(
        new SeccompProfile(Action.ERRNO, SeccompProfile.NO_ERRNO, List.of(), List.of(rules)));
  }

  private static int judge(SeccompFilters filters, int number, long... arguments) {
    long[] a = java.util.Arrays.copyOf(arguments, 6);
    return filters.judge(new CallData(number, 0, a[0], a[1], a[2], a[3], a[4], a[5])).value();
  }

  @Test
  void defaultOfDockerHolds() {
    SeccompFilters docker = SeccompFilters.ofProfile(DockerProfile.profile());
    long namespaces = 0x7e020000L;
    assertTrue(docker.alwaysAllows(Sys.READ));
    assertTrue(docker.alwaysAllows(Sys.EXECVE));
    assertEquals(Actions.ALLOW, judge(docker, Sys.READ));
    for (int refused : new int[] {Sys.MOUNT, Sys.KEXEC_LOAD, Sys.KEYCTL, Sys.UNSHARE, Sys.BPF}) {
      assertEquals(EPERM, judge(docker, refused), Sys.name(refused));
      assertFalse(docker.alwaysAllows(refused));
    }
    assertEquals(Actions.ALLOW, judge(docker, Sys.CLONE, 0x11));
    assertEquals(EPERM, judge(docker, Sys.CLONE, 0x10000000 | 0x11));
    assertEquals(EPERM, judge(docker, Sys.CLONE, namespaces));
    assertEquals(ENOSYS, judge(docker, Sys.CLONE3));
    assertEquals(Actions.ALLOW, judge(docker, Sys.PERSONALITY, 0xffffffffL));
    assertEquals(Actions.ALLOW, judge(docker, Sys.PERSONALITY, 0x20008));
    assertEquals(EPERM, judge(docker, Sys.PERSONALITY, 0x40000));
    assertEquals(Actions.ALLOW, judge(docker, Sys.SOCKET, 2));
    assertEquals(EPERM, judge(docker, Sys.SOCKET, 40), "AF_VSOCK");
  }

  @Test
  void callsNewerThanTheProfileAreUnknown() {
    SeccompFilters some = refusing(allow("openat2"));
    assertEquals(EPERM, judge(some, Sys.MOUNT));
    assertEquals(ENOSYS, judge(some, 450));
    assertEquals(ENOSYS, judge(some, 1000));
    assertEquals(EPERM, judge(some, -5));
    assertEquals(EPERM, judge(some, 0x40000000 | 39));
    assertEquals(EPERM, judge(refusing(), 1000), "nobody said how new it is");
    SeccompFilters permissive =
        SeccompFilters.ofProfile(
            new SeccompProfile(Action.ALLOW, -1, List.of(), List.of(rule(Action.ERRNO, "mount"))));
    assertEquals(Actions.ALLOW, judge(permissive, 1000));
    assertTrue(permissive.alwaysAllows(450));
  }

  @Test
  void unknownNamesAreIgnored() {
    SeccompFilters some = refusing(allow("no_such_call"), allow("getpid"));
    assertEquals(Actions.ALLOW, judge(some, Sys.GETPID));
    assertEquals(EPERM, judge(some, Sys.READ));
  }

  @Test
  void allConditionsOfARuleMustHold() {
    SeccompFilters both =
        refusing(allow("ioctl", arg(0, Op.EQ, 1, 0), arg(1, Op.EQ, 2, 0)), allow("read"));
    assertEquals(Actions.ALLOW, judge(both, Sys.IOCTL, 1, 2));
    assertEquals(EPERM, judge(both, Sys.IOCTL, 1, 3));
    assertEquals(EPERM, judge(both, Sys.IOCTL, 0, 2));
  }

  @Test
  void anyRuleOfACallIsEnough() {
    SeccompFilters any =
        refusing(allow("ioctl", arg(0, Op.EQ, 1, 0)), allow("ioctl", arg(1, Op.EQ, 2, 0)));
    assertEquals(Actions.ALLOW, judge(any, Sys.IOCTL, 1, 3));
    assertEquals(Actions.ALLOW, judge(any, Sys.IOCTL, 0, 2));
    assertEquals(EPERM, judge(any, Sys.IOCTL, 0, 3));
  }

  @Test
  void conditionsOnOneArgumentAreAlternatives() {
    SeccompFilters any = refusing(allow("ioctl", arg(0, Op.EQ, 1, 0), arg(0, Op.EQ, 2, 0)));
    assertEquals(Actions.ALLOW, judge(any, Sys.IOCTL, 1));
    assertEquals(Actions.ALLOW, judge(any, Sys.IOCTL, 2));
    assertEquals(EPERM, judge(any, Sys.IOCTL, 3));
  }

  @Test
  void operatorsCompareUnsigned64BitNumbers() {
    long big = 1L << 63;
    long[] values = {0, 5, 6, big, -1};
    for (long limit : values) {
      for (long value : values) {
        int order = Long.compareUnsigned(value, limit);
        check(Op.NE, limit, value, order != 0);
        check(Op.LT, limit, value, order < 0);
        check(Op.LE, limit, value, order <= 0);
        check(Op.EQ, limit, value, order == 0);
        check(Op.GE, limit, value, order >= 0);
        check(Op.GT, limit, value, order > 0);
      }
    }
    SeccompFilters masked = refusing(allow("ioctl", arg(3, Op.MASKED_EQ, 0xff00, 0x1200)));
    assertEquals(Actions.ALLOW, judge(masked, Sys.IOCTL, 0, 0, 0, 0x341256));
    assertEquals(EPERM, judge(masked, Sys.IOCTL, 0, 0, 0, 0x341356));
  }

  private static void check(Op op, long limit, long value, boolean expected) {
    SeccompFilters filters = refusing(allow("ioctl", arg(4, op, limit, 0)));
    assertEquals(
        expected ? Actions.ALLOW : EPERM,
        judge(filters, Sys.IOCTL, 0, 0, 0, 0, value),
        () -> value + " " + op + " " + limit);
  }

  @Test
  void ruleWithoutConditionsOutweighs() {
    SeccompFilters filters =
        refusing(
            rule(Action.KILL_PROCESS, "ioctl", arg(0, Op.EQ, 1, 0)),
            allow("ioctl"),
            rule(Action.TRAP, "ioctl", arg(0, Op.EQ, 1, 0)));
    assertEquals(Actions.ALLOW, judge(filters, Sys.IOCTL, 1));
    assertTrue(filters.alwaysAllows(Sys.IOCTL));
  }

  @Test
  void strictestOfSeveralRulesDecides() {
    SeccompFilters filters =
        refusing(
            allow("ioctl", arg(0, Op.EQ, 1, 0)), rule(Action.TRAP, "ioctl", arg(1, Op.EQ, 1, 0)));
    assertEquals(Actions.TRAP, judge(filters, Sys.IOCTL, 1, 1));
    assertFalse(filters.alwaysAllows(Sys.IOCTL));
  }

  @Test
  void everyActionHasItsAnswer() {
    SeccompFilters filters =
        refusing(
            rule(Action.KILL, "getuid"),
            rule(Action.KILL_THREAD, "getgid"),
            rule(Action.KILL_PROCESS, "geteuid"),
            rule(Action.TRAP, "getegid"),
            new Rule(List.of("getpid"), Action.ERRNO, Errno.EXDEV, List.of()),
            new Rule(List.of("getppid"), Action.TRACE, 9, List.of()),
            rule(Action.LOG, "gettid"));
    assertEquals(Actions.KILL_THREAD, judge(filters, Sys.GETUID));
    assertEquals(Actions.KILL_THREAD, judge(filters, Sys.GETGID));
    assertEquals(Actions.KILL_PROCESS, judge(filters, Sys.GETEUID));
    assertEquals(Actions.TRAP, judge(filters, Sys.GETEGID));
    assertEquals(Actions.ERRNO | Errno.EXDEV, judge(filters, Sys.GETPID));
    assertEquals(Actions.TRACE | 9, judge(filters, Sys.GETPPID));
    assertEquals(Actions.LOG, judge(filters, Sys.GETTID));
    SeccompFilters other =
        SeccompFilters.ofProfile(new SeccompProfile(Action.ERRNO, 38, List.of(), List.of()));
    assertEquals(ENOSYS, judge(other, Sys.READ));
  }

  @Test
  void whatCannotBeDoneIsSaid() {
    Exception notify =
        assertThrows(IllegalArgumentException.class, () -> refusing(rule(Action.NOTIFY, "mount")));
    assertTrue(String.valueOf(notify.getMessage()).contains("SCMP_ACT_NOTIFY"));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            SeccompFilters.ofProfile(
                new SeccompProfile(
                    Action.ALLOW,
                    -1,
                    List.of("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"),
                    List.of())));
  }
}
