/* signalfd: reading pending signals, poll, changing the set. */
#include "case.h"

int main(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGRTMIN);
  MUST(sigprocmask(SIG_BLOCK, &set, NULL));
  int fd = MUST(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  struct signalfd_siginfo info[4];
  struct pollfd p = {fd, POLLIN, 0};
  TRY(read(fd, info, sizeof info));
  TRY(read(fd, info, 10));
  TRY(poll(&p, 1, 0));
  union sigval value = {.sival_int = 5};
  MUST(sigqueue(getpid(), SIGRTMIN, value));
  MUST(sigqueue(getpid(), SIGRTMIN, value));
  raise(SIGUSR1);
  TRY(poll(&p, 1, 0));
  TRY(read(fd, info, sizeof info));
  say("%d %d %d, value %d code %d\n", info[0].ssi_signo == SIGUSR1, info[1].ssi_signo == (unsigned)SIGRTMIN,
      info[2].ssi_signo == (unsigned)SIGRTMIN, info[1].ssi_int, info[1].ssi_code);
  TRY(read(fd, info, sizeof info));
  sigdelset(&set, SIGUSR1);
  TRY(signalfd(fd, &set, 0) == fd);
  raise(SIGUSR1);
  TRY(read(fd, info, sizeof info));
  TRY(signalfd(-1, &set, 1));
  TRY(signalfd(0, &set, 0));
  TRY(signalfd(-5, &set, 0));
  TRY(write(fd, info, 8));
  return 0;
}
