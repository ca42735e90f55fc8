package dev.bulwark.sentry.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.kernel.IdleContext;
import dev.bulwark.sentry.kernel.Task;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SyscallTableTest {
  private final Task task = new Task(7, new IdleContext());
  private final SyscallTable table =
      SyscallTable.builder()
          .row(Sys.GETTID, Support.FULL, "", (t, _, _, _, _, _, _) -> t.tid())
          .row(Sys.IOCTL, Support.PARTIAL, "a|b", (_, a, b, c, d, e, f) -> a + b + c + d + e + f)
          .build();

  @Test
  void rowAnswersItsCallWithAllArguments() {
    assertEquals(7, table.dispatch(task, Sys.GETTID, 0, 0, 0, 0, 0, 0));
    assertEquals(63, table.dispatch(task, Sys.IOCTL, 1, 2, 4, 8, 16, 32));
    assertEquals(Map.of(), table.refusals());
  }

  @Test
  void anyOtherNumberIsRefusedAndCounted() {
    for (long number : new long[] {Sys.VMSPLICE, Sys.VMSPLICE, Sys.LIMIT, Long.MIN_VALUE}) {
      assertEquals(-Errno.ENOSYS, table.dispatch(task, number, 0, 0, 0, 0, 0, 0));
    }
    assertEquals(
        Map.of((long) Sys.VMSPLICE, 2L, (long) Sys.LIMIT, 1L, Long.MIN_VALUE, 1L),
        table.refusals());
  }

  @Test
  void countsStayBoundedWhateverAProgramTries() {
    for (long number = 1_000_000; number < 1_010_000; number++) {
      table.dispatch(task, number, 0, 0, 0, 0, 0, 0);
    }
    assertTrue(table.refusals().size() <= 1025, "entries: " + table.refusals().size());
    assertEquals(10_000, table.refusals().values().stream().mapToLong(Long::longValue).sum());
  }

  @Test
  void wrongRowsAreRefusedWhenBuilding() {
    Handler zero = (_, _, _, _, _, _, _) -> 0;
    SyscallTable.Builder builder = SyscallTable.builder().row(Sys.READ, Support.FULL, "", zero);
    assertThrows(
        IllegalArgumentException.class, () -> builder.row(Sys.READ, Support.FULL, "", zero));
    assertThrows(
        IllegalArgumentException.class, () -> builder.row(Sys.WRITE, Support.PARTIAL, "", zero));
    assertThrows(IllegalArgumentException.class, () -> builder.row(400, Support.FULL, "", zero));
  }

  @Test
  void pageListsEveryCallOfLinuxOnce() {
    String page = SyscallPage.markdown(table);
    assertTrue(page.contains("- full: 1\n- partial: 1\n"), page);
    assertTrue(page.contains("| 16 | ioctl | partial | a\\|b |\n"), page);
    assertTrue(page.contains("| 0 | read | not implemented |  |\n"), page);
    assertEquals(table.rows().size(), page.lines().filter(l -> l.matches("\\| \\d.*")).count());
  }
}
