package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that mean harm, and harm only themselves. */
class HostileTest {
  /** Reserves more than the limit, piece by piece, and then touches it. */
  private static final String HOG =
      """
      import mmap
      pieces = [mmap.mmap(-1, 200 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) for _ in range(4)]
      for piece in pieces:
          for i in range(0, len(piece), 4096): piece[i] = 1
      """;

  @Test
  void whoTakesTooMuchMemoryIsKilledAlone() {
    Result result =
        Debian.bash("set +e; python3 -c '" + HOG + "'; echo code $?")
            .with("--memory", "300m")
            .run()
            .expect(0);
    assertEquals("code 137\n", result.out());
  }

  @Test
  void aFirstProcessThatIsKilledForMemorySaysSo() {
    Result result = Debian.of("python3", "-c", HOG).with("--memory", "300m").run().expect(137);
    assertTrue(result.err().contains("memory"), result.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"systrap", "ptrace"})
  void scribblingOverTheWholeAddressSpaceHarmsNobodyElse(String platform) {
    assertEquals(
        "other lives\n",
        Debian.bash(
                """
                cat >h.c <<'X'
                #include <signal.h>
                #include <setjmp.h>
                #include <stdio.h>
                #include <string.h>
                #include <sys/mman.h>
                static sigjmp_buf back;
                static void on(int s) { (void)s; siglongjmp(back, 1); }
                int main(void) {
                  struct sigaction a = {.sa_handler = on, .sa_flags = SA_NODEFER};
                  sigaction(SIGSEGV, &a, 0); sigaction(SIGBUS, &a, 0);
                  static volatile unsigned long at;
                  /* what the platform keeps beside the application: the vdso, its text, then its slots */
                  for (at = 0x7fdf00000000; at < 0x7fdf00020000; at += 4096)
                    if (!sigsetjmp(back, 1)) { *(volatile char *)at = 1; puts("wrote to the vdso"); }
                  for (at = 0x7fe000000000; at < 0x7fe100800000; at += 4096)
                    if (!sigsetjmp(back, 1)) memset((void *)at, 0xff, 4096);
                  for (;;) munmap(0, 4096);
                }
                X
                gcc -O1 -w -o h h.c
                sleep 1000 & set +e; timeout -s KILL 5 ./h; kill -0 $! && echo other lives
                """)
            .with("--platform", platform)
            .limit(Duration.ofMinutes(2))
            .run()
            .expect(0)
            .out());
  }

  @Test
  void forkingWithoutEndMeetsALimit() {
    assertEquals(
        "refused\nstill here\n",
        Debian.bash(
                """
                cat >f.c <<'X'
                #include <errno.h>
                #include <stdio.h>
                #include <signal.h>
                #include <unistd.h>
                int main(void) {
                  for (;;) {
                    int pid = fork();
                    if (pid == 0) { pause(); _exit(0); }
                    if (pid < 0) { puts(errno == EAGAIN ? "refused" : "strange"); fflush(stdout); break; }
                  }
                  signal(SIGTERM, SIG_IGN); kill(0, SIGTERM);
                }
                X
                gcc -static -O1 -o f f.c
                setsid -w ./f; echo still here
                """)
            .limit(Duration.ofMinutes(4))
            .run()
            .expect(0)
            .out());
  }
}
