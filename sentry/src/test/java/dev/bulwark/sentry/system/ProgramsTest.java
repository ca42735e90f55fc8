package dev.bulwark.sentry.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.platform.Platform;
import dev.bulwark.platform.systrap.SystrapPlatform;
import dev.bulwark.sentry.kernel.WaitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs without a C library, which show that tasks live and die as they should. */
@Timeout(60)
final class ProgramsTest {
  private static final String START =
      """
      typedef long L;
      static inline L sys(L n, L a, L b, L c, L d, L e, L f) {
        L r; register L r10 asm("r10") = d; register L r8 asm("r8") = e; register L r9 asm("r9") = f;
        asm volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
            : "rcx", "r11", "memory");
        return r;
      }
      int program(L *stack);
      asm(".globl _start\\n_start: mov %rsp,%rdi; and $-16,%rsp; call program; mov %eax,%edi;"
          "mov $231,%eax; syscall");
      """;

  private static Platform platform;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws IOException {
    platform = new SystrapPlatform(1, () -> {});
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  private WaitStatus run(String source) throws Exception {
    Path c = directory.resolve("program.c");
    Path program = directory.resolve("program");
    Files.writeString(c, START + source);
    Process gcc =
        new ProcessBuilder(
                "gcc", "-O1", "-nostdlib", "-static", "-o", program.toString(), c.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, gcc.waitFor(), said);
    SmallSandbox sandbox = new SmallSandbox(platform);
    sandbox.install(program, "program");
    return sandbox.run("/program", "one");
  }

  private static WaitStatus exited(int code) {
    return new WaitStatus.Exited(code);
  }

  @Test
  void aProgramExitsWithItsCode() throws Exception {
    assertEquals(exited(42), run("int program(L *s) { return 40 + s[0]; }"));
  }

  @Test
  void aFaultKillsWithItsSignal() throws Exception {
    assertEquals(
        new WaitStatus.Signalled(11, false),
        run("int program(L *s) { *(volatile int *)16 = 1; return 0; }"));
  }

  @Test
  void aParentWaitsForItsChild() throws Exception {
    assertEquals(
        exited(7),
        run(
            """
            static volatile int x = 1;
            int program(L *s) {
              L pid = sys(57, 0, 0, 0, 0, 0, 0);
              if (pid == 0) { x = 5; sys(231, 6 + x - 5, 0, 0, 0, 0, 0); }
              int status = 0;
              L got = sys(61, pid, (L)&status, 0, 0, 0, 0);
              return got == pid && pid > 1 && x == 1 ? (status >> 8) + 1 : 99;
            }
            """));
  }

  @Test
  void vforkedChildrenExecuteAndShareMemory() throws Exception {
    assertEquals(
        exited(3),
        run(
            """
            static volatile int shared;
            int program(L *s) {
              if (s[0] == 3) return 3;
              static char *argv[] = {"/program", "a", "b", 0};
              L pid = sys(56, 0x4100 | 17, 0, 0, 0, 0, 0);
              if (pid == 0) {
                shared = 1;
                sys(59, (L)argv[0], (L)argv, 0, 0, 0, 0);
                sys(231, 98, 0, 0, 0, 0, 0);
              }
              int status = 0;
              sys(61, -1, (L)&status, 0, 0, 0, 0);
              return shared == 1 ? status >> 8 : 97;
            }
            """));
  }

  @Test
  void threadsShareMemoryAndEndTogether() throws Exception {
    assertEquals(
        exited(20),
        run(
            """
            static volatile int count;
            static char stacks[20][4096] __attribute__((aligned(16)));
            int program(L *s) {
              for (int i = 0; i < 20; i++) {
                L tid = sys(56, 0x10f00, (L)(stacks[i] + 4096), 0, 0, 0, 0);
                if (tid == 0) {
                  __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
                  for (;;) sys(39, 0, 0, 0, 0, 0, 0);
                }
                if (tid < 0) return 90;
              }
              while (count < 20) sys(39, 0, 0, 0, 0, 0, 0);
              return count;
            }
            """));
  }

  @Test
  void manyChildrenComeAndGo() throws Exception {
    assertEquals(
        exited(0),
        run(
            """
            int program(L *s) {
              for (int i = 0; i < 200; i++) {
                L pid = sys(57, 0, 0, 0, 0, 0, 0);
                if (pid == 0) sys(231, i & 127, 0, 0, 0, 0, 0);
                int status = 0;
                if (sys(61, pid, (L)&status, 0, 0, 0, 0) != pid || status >> 8 != (i & 127)) return 1;
              }
              return 0;
            }
            """));
  }

  @Test
  void aProcessKilledByAnotherIsReported() throws Exception {
    assertEquals(
        exited(9),
        run(
            """
            int program(L *s) {
              L pid = sys(57, 0, 0, 0, 0, 0, 0);
              if (pid == 0) for (;;) ;
              sys(62, pid, 9, 0, 0, 0, 0);
              int status = 0;
              sys(61, pid, (L)&status, 0, 0, 0, 0);
              return status & 0x7f;
            }
            """));
  }
}
