/* F_SETSIG: what the signal tells, whom F_SETOWN_EX picks, and when there is none. */
#include "case.h"

static volatile int got, code, fd;
static volatile long band;

static void on(int signal, siginfo_t *info, void *context) {
  (void)context;
  got = signal;
  code = info->si_code;
  fd = info->si_fd;
  band = info->si_band;
}

static void show(const char *what, int expected_fd) {
  say("%s: %s code %d band %lx fd %d\n", what, got ? sigabbrev_np(got) : "nothing", code, band,
      fd == expected_fd);
  got = code = fd = 0;
  band = 0;
}

static void listen_to(int file, int signal) {
  struct f_owner_ex owner = {F_OWNER_TID, gettid()};
  TRY(fcntl(file, F_SETOWN_EX, &owner));
  TRY(fcntl(file, F_SETSIG, signal));
  TRY(fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_ASYNC));
}

int main(void) {
  struct sigaction action = {.sa_sigaction = on, .sa_flags = SA_SIGINFO};
  int signal = SIGRTMIN + 3;
  MUST(sigaction(SIGUSR2, &action, NULL));
  MUST(sigaction(signal, &action, NULL));
  int p[2], s[2];
  MUST(pipe(p));
  listen_to(p[0], SIGUSR2);
  MUST(write(p[1], "x", 1));
  show("pipe", p[0]);
  MUST(close(p[1]));
  show("closed", p[0]);
  MUST(close(p[0]));
  MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
  listen_to(s[0], SIGUSR2);
  got = 0;
  MUST(write(s[1], "x", 1));
  show("socket", s[0]);
  TRY(fcntl(s[0], F_SETFL, 0));
  MUST(write(s[1], "x", 1));
  show("no more", s[0]);
  int on_off = 1;
  TRY(ioctl(s[0], FIOASYNC, &on_off));
  say("flag %d\n", (fcntl(s[0], F_GETFL) & O_ASYNC) != 0);
  MUST(write(s[1], "x", 1));
  show("again", s[0]);
  int q[2];
  MUST(pipe(q));
  MUST(fcntl(q[0], F_SETOWN, -getpgrp()));
  say("group %d\n", fcntl(q[0], F_GETOWN) == -getpgrp());
  pid_t pid = MUST(fork());
  if (pid == 0) _exit(0);
  MUST(fcntl(q[0], F_SETOWN, pid));
  reap("child", pid);
  say("owner that is gone %d\n", fcntl(q[0], F_GETOWN));
  return 0;
}
