/* Blocked signals wait, once each, and come lowest first. */
#include "case.h"

static void on(int signal) { say("got %d\n", signal); }

int main(void) {
  sigset_t set, old;
  sigemptyset(&set);
  for (int s = 1; s < 32; s++) if (s == SIGHUP || s == SIGUSR1 || s == SIGTERM) sigaddset(&set, s);
  install(SIGHUP, on, 0);
  install(SIGUSR1, on, 0);
  install(SIGTERM, on, 0);
  TRY(sigprocmask(SIG_BLOCK, &set, &old));
  raise(SIGTERM);
  raise(SIGUSR1);
  raise(SIGUSR1);
  raise(SIGHUP);
  sigset_t pending;
  TRY(sigpending(&pending));
  say("%d %d %d\n", sigismember(&pending, SIGHUP), sigismember(&pending, SIGUSR1),
      sigismember(&pending, SIGINT));
  TRY(sigprocmask(SIG_SETMASK, &old, NULL));
  sigaddset(&set, SIGKILL);
  sigaddset(&set, SIGSTOP);
  MUST(sigprocmask(SIG_BLOCK, &set, NULL));
  MUST(sigprocmask(SIG_BLOCK, NULL, &old));
  say("never blocked: %d %d\n", sigismember(&old, SIGKILL), sigismember(&old, SIGSTOP));
  TRY(sigprocmask(77, &set, NULL));
  TRY(syscall(SYS_rt_sigprocmask, 0, &set, NULL, 4));
  TRY(syscall(SYS_rt_sigprocmask, 0, BAD, NULL, 8));
  TRY(syscall(SYS_rt_sigpending, BAD, 8));
  return 0;
}
