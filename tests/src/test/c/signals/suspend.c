/* sigsuspend and pause come back with EINTR and the old mask. */
#include "case.h"

static void on(int signal) { say("got SIG%s\n", sigabbrev_np(signal)); }

int main(void) {
  sigset_t set, none, now;
  sigemptyset(&set);
  sigemptyset(&none);
  sigaddset(&set, SIGUSR1);
  install(SIGUSR1, on, SA_RESTART);
  MUST(sigprocmask(SIG_BLOCK, &set, NULL));
  raise(SIGUSR1);
  TRY(sigsuspend(&none));
  MUST(sigprocmask(SIG_BLOCK, NULL, &now));
  say("blocked again: %d\n", sigismember(&now, SIGUSR1));
  pid_t parent = getpid();
  pid_t pid = MUST(fork());
  if (pid == 0) {
    until_asleep(parent);
    kill(parent, SIGUSR1);
    _exit(0);
  }
  TRY(sigsuspend(&none));
  reap("child", pid);
  pid = MUST(fork());
  if (pid == 0) {
    until_asleep(parent);
    kill(parent, SIGUSR1);
    _exit(0);
  }
  MUST(sigprocmask(SIG_UNBLOCK, &set, NULL));
  TRY(pause());
  reap("child", pid);
  return 0;
}
