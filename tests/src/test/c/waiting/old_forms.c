/* The calls from before there were flags: eventfd, signalfd, inotify_init, epoll_create. */
#include "case.h"

int main(void) {
  int e = MUST(syscall(SYS_eventfd, 7));
  say("eventfd flags %#x %d\n", fcntl(e, F_GETFL), fcntl(e, F_GETFD));
  uint64_t value;
  TRY(read(e, &value, 8));
  say("value %lu\n", value);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  MUST(sigprocmask(SIG_BLOCK, &set, NULL));
  int s = MUST(syscall(SYS_signalfd, -1, &set, 8L));
  say("signalfd flags %#x %d\n", fcntl(s, F_GETFL), fcntl(s, F_GETFD));
  raise(SIGUSR1);
  struct signalfd_siginfo info;
  TRY(read(s, &info, sizeof info));
  say("signal %u\n", info.ssi_signo);
  TRY(syscall(SYS_signalfd, -1, &set, 7L));
  TRY(syscall(SYS_signalfd, e, &set, 8L));
  int i = MUST(syscall(SYS_inotify_init));
  say("inotify flags %#x %d\n", fcntl(i, F_GETFL), fcntl(i, F_GETFD));
  int p = MUST(syscall(SYS_epoll_create, 1));
  say("epoll flags %#x %d\n", fcntl(p, F_GETFL), fcntl(p, F_GETFD));
  TRY(syscall(SYS_epoll_create, 0));
  return 0;
}
