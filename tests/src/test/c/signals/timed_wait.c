/* sigtimedwait and sigwaitinfo take pending signals, or time out. */
#include "case.h"

int main(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGRTMIN + 1);
  MUST(sigprocmask(SIG_BLOCK, &set, NULL));
  struct timespec none = {0, 0}, little = {0, 20000000}, bad = {0, 1000000000}, negative = {-1, 0};
  siginfo_t info;
  TRY(sigtimedwait(&set, &info, &none));
  TRY(sigtimedwait(&set, &info, &little));
  TRY(sigtimedwait(&set, &info, &bad));
  TRY(sigtimedwait(&set, &info, &negative));
  union sigval value = {.sival_int = 99};
  MUST(sigqueue(getpid(), SIGRTMIN + 1, value));
  raise(SIGUSR1);
  say("signal %d\n", sigtimedwait(&set, &info, &none) == SIGUSR1);
  say("second %d value %d\n", sigwaitinfo(&set, &info) == SIGRTMIN + 1, info.si_value.sival_int);
  TRY(syscall(SYS_rt_sigtimedwait, &set, NULL, &none, 4));
  TRY(syscall(SYS_rt_sigtimedwait, BAD, NULL, &none, 8));
  pid_t parent = getpid();
  pid_t pid = MUST(fork());
  if (pid == 0) {
    until_asleep(parent);
    kill(parent, SIGUSR1);
    _exit(0);
  }
  say("woken %d from the child %d\n", sigwaitinfo(&set, &info) == SIGUSR1, info.si_pid == pid);
  reap("child", pid);
  return 0;
}
