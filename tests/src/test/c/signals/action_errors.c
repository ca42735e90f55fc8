/* What sigaction refuses. */
#include "case.h"

static void on(int signal) {}

int main(void) {
  TRY(install(SIGKILL, on, 0));
  TRY(install(SIGSTOP, SIG_IGN, 0));
  TRY(install(SIGKILL, SIG_DFL, 0));
  struct sigaction old;
  TRY(sigaction(SIGKILL, NULL, &old));
  TRY(syscall(SYS_rt_sigaction, 0, NULL, NULL, 8));
  TRY(syscall(SYS_rt_sigaction, 65, NULL, NULL, 8));
  TRY(syscall(SYS_rt_sigaction, 64, NULL, NULL, 8));
  TRY(syscall(SYS_rt_sigaction, 1, NULL, NULL, 4));
  TRY(syscall(SYS_rt_sigaction, 1, BAD, NULL, 8));
  TRY(syscall(SYS_rt_sigaction, 1, NULL, BAD, 8));
  MUST(install(SIGUSR1, on, SA_RESTART | SA_NODEFER));
  MUST(sigaction(SIGUSR1, NULL, &old));
  say("%d %#x\n", old.sa_handler == on, old.sa_flags);
  return 0;
}
