/* Who sent a signal, and how. */
#include "case.h"

static void on(int signal, siginfo_t *info, void *context) {
  say("SIG%s code %d pid %d uid %d\n", sigabbrev_np(signal), info->si_code,
      info->si_pid == getpid(), info->si_uid);
}

int main(void) {
  install_info(SIGUSR1, on, 0);
  MUST(kill(getpid(), SIGUSR1));
  MUST(raise(SIGUSR1));
  MUST(syscall(SYS_tkill, gettid(), SIGUSR1));
  union sigval value = {.sival_int = 1};
  MUST(sigqueue(getpid(), SIGUSR1, value));
  siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_USER};
  TRY(syscall(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &info));
  info.si_code = SI_TKILL;
  TRY(syscall(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &info));
  info.si_code = -77;
  info.si_pid = 0;
  info.si_uid = 5;
  TRY(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, &info));
  info.si_code = 9;
  TRY(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, &info));
  return 0;
}
