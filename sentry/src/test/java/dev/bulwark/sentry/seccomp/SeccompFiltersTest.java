package dev.bulwark.sentry.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.mm.FlatMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeccompFiltersTest {
  private static final long PROGRAM = FlatMemory.BASE + 4096;

  private final TestSandbox sandbox = new TestSandbox();

  SeccompFiltersTest() {
    sandbox.task.setCredentials(Credentials.of(0, 0, new int[0], Capability.ALL));
  }

  private static byte[] program(long... instructions) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * instructions.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long instruction : instructions) {
      bytes.putLong(instruction);
    }
    return bytes.array();
  }

  /** An instruction as the structure lies in memory. */
  private static long op(int code, int whenTrue, int whenFalse, int k) {
    return code | (long) whenTrue << 16 | (long) whenFalse << 24 | (long) k << 32;
  }

  private static byte[] longest() {
    long[] instructions = new long[Bpf.MAX_INSTRUCTIONS];
    java.util.Arrays.fill(instructions, op(Bpf.LD_IMM, 0, 0, 1));
    instructions[instructions.length - 1] = op(Bpf.RET_K, 0, 0, Actions.ALLOW);
    return program(instructions);
  }

  private static byte[] answering(int number, int verdict) {
    return program(
        op(Bpf.LD_ABS, 0, 0, 0),
        op(Bpf.JEQ_K, 0, 1, number),
        op(Bpf.RET_K, 0, 0, verdict),
        op(Bpf.RET_K, 0, 0, Actions.ALLOW));
  }

  private static BpfProgram verified(byte[] bytes) throws ErrnoException {
    return BpfProgram.of(bytes);
  }

  @Test
  void bitmapHoldsWhatEveryFilterAllows() throws ErrnoException {
    SeccompFilters one =
        SeccompFilters.with(
            verified(answering(Sys.GETPID, Actions.ERRNO | Errno.EDOM)), null, false);
    SeccompFilters two =
        SeccompFilters.with(verified(answering(Sys.GETUID, Actions.LOG)), one, true);
    assertTrue(two.alwaysAllows(Sys.READ));
    assertFalse(two.alwaysAllows(Sys.GETPID));
    assertFalse(two.alwaysAllows(Sys.GETUID));
    assertTrue(one.alwaysAllows(Sys.GETUID));
    assertFalse(one.alwaysAllows(-1));
    assertFalse(one.alwaysAllows(1L << 32));
    assertFalse(one.alwaysAllows(Sys.LIMIT));
    assertEquals(2, two.count());
  }

  @Test
  void argumentsAreNeverAlwaysAllowed() throws ErrnoException {
    BpfProgram looks =
        verified(program(op(Bpf.LD_ABS, 0, 0, 16), op(Bpf.RET_K, 0, 0, Actions.ALLOW)));
    assertFalse(looks.alwaysAllows(Sys.READ));
  }

  @Test
  void filtersOfATaskAreBounded() throws ErrnoException {
    BpfProgram longest = verified(longest());
    SeccompFilters filters = null;
    for (int i = 0; i < 7; i++) {
      filters = SeccompFilters.with(longest, filters, false);
    }
    SeccompFilters seven = filters;
    ErrnoException tooMany =
        assertThrows(ErrnoException.class, () -> SeccompFilters.with(longest, seven, false));
    assertEquals(Errno.ENOMEM, tooMany.errno());
  }

  @Test
  void randomProgramsEndOrAreRefused() {
    Random random = new Random(7);
    int[] codes = {
      0x00, 0x20, 0x60, 0x80, 0x01, 0x61, 0x81, 0x02, 0x03, 0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c,
          0x34,
      0x3c, 0x44, 0x4c, 0x54, 0x5c, 0x64, 0x6c, 0x74, 0x7c, 0x84, 0xa4, 0xac, 0x05, 0x15, 0x1d,
          0x25,
      0x2d, 0x35, 0x3d, 0x45, 0x4d, 0x06, 0x16, 0x07, 0x87
    };
    int admitted = 0;
    for (int round = 0; round < 20_000; round++) {
      long[] instructions = new long[1 + random.nextInt(6)];
      for (int i = 0; i < instructions.length; i++) {
        int code = codes[random.nextInt(codes.length)];
        int k = random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(20) & ~3;
        instructions[i] = op(code, random.nextInt(3), random.nextInt(3), k);
      }
      instructions[instructions.length - 1] = op(0x06 | random.nextInt(2) << 4, 0, 0, 5);
      try {
        BpfProgram program = verified(program(instructions));
        program.judge(new CallData(random.nextInt(), -1, 1, 2, 3, 4, 5, 6));
        program.alwaysAllows(random.nextInt(400));
        admitted++;
      } catch (ErrnoException refused) {
        assertEquals(Errno.EINVAL, refused.errno());
      }
    }
    assertTrue(admitted > 1000, admitted + " admitted");
  }

  private long install(byte[] bytes, int flags) throws ErrnoException {
    sandbox.memory.write(PROGRAM + 64, bytes);
    sandbox.memory.putLong(PROGRAM, bytes.length / 8);
    sandbox.memory.putLong(PROGRAM + 8, PROGRAM + 64);
    return sandbox.call(Sys.SECCOMP, 1, flags, PROGRAM);
  }

  @Test
  void callIsAnsweredByTheFilter() throws ErrnoException {
    assertNull(sandbox.task.seccomp());
    assertEquals(0, install(answering(Sys.GETPPID, Actions.ERRNO | Errno.EDOM), 0));
    assertEquals(-Errno.EDOM, sandbox.call(Sys.GETPPID));
    assertEquals(1, sandbox.call(Sys.GETPID));
    assertEquals(2, sandbox.call(Sys.PRCTL, 21));
  }

  @Test
  void filtersOfAllTasksTogetherAreBounded() throws ErrnoException {
    byte[] longest = longest();
    long result = 0;
    for (int tid = 2; result == 0 && tid < 1000; tid++) {
      sandbox.newTask(tid).setSeccomp(sandbox.task.seccomp());
      sandbox.task.setSeccomp(null);
      for (int i = 0; result == 0 && i < 7; i++) {
        result = install(longest, 0);
      }
    }
    assertEquals(-Errno.ENOMEM, result);
    assertTrue(sandbox.kernel.tasks().all().size() > 50);
  }

  @Test
  void filtersThatTasksShareCountOnce() throws ErrnoException {
    byte[] longest = longest();
    for (int i = 0; i < 6; i++) {
      assertEquals(0, install(longest, 0));
    }
    for (int tid = 2; tid < 1000; tid++) {
      sandbox.newTask(tid).setSeccomp(sandbox.task.seccomp());
    }
    assertEquals(0, install(longest, 0));
  }

  @Test
  void oneTaskCanHaveThousandsOfFilters() throws ErrnoException {
    byte[] shortest = program(op(Bpf.RET_K, 0, 0, Actions.ALLOW));
    int count = 0;
    while (install(shortest, 0) == 0) {
      count++;
    }
    assertEquals(6554, count); // (32768 - 1) / 5 and the first
  }
}
