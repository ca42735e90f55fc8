/* membarrier: registration comes before use, is inherited and ends with execve. */
#include "case.h"
#include <linux/membarrier.h>

int main(int argc, char **argv) {
  (void)argc;
  long known = TRY(syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0) > 0);
  say("known %ld\n", known);
  TRY(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
  if (getenv("AGAIN")) return 0;
  TRY(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0));
  TRY(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0));
  TRY(syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0));
  TRY(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
  TRY(syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0));
  TRY(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0));
  TRY(syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 1, 0));
  TRY(syscall(SYS_membarrier, 1 << 20, 0, 0));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    TRY(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
    setenv("AGAIN", "1", 1);
    execv("/proc/self/exe", argv);
    _exit(9);
  }
  reap("child", pid);
  return 0;
}
