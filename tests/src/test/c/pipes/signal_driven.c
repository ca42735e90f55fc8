/* O_ASYNC on a pipe sends SIGIO to its owner. */
#include "case.h"

static volatile int got;

static void on(int signal) { got = signal; }

int main(void) {
  int p[2];
  MUST(pipe(p));
  install(SIGIO, on, 0);
  TRY(fcntl(p[0], F_SETOWN, getpid()));
  say("owner %d\n", fcntl(p[0], F_GETOWN) == getpid());
  TRY(fcntl(p[0], F_SETFL, O_ASYNC));
  MUST(write(p[1], "x", 1));
  for (int i = 0; i < 100 && !got; i++) usleep(1000);
  say("got %d\n", got == SIGIO);
  struct f_owner_ex owner = {F_OWNER_TID, gettid()};
  TRY(fcntl(p[0], F_SETOWN_EX, &owner));
  owner.type = 9;
  TRY(fcntl(p[0], F_SETOWN_EX, &owner));
  TRY(fcntl(p[0], F_SETSIG, SIGUSR1));
  TRY(fcntl(p[0], F_GETSIG) == SIGUSR1);
  TRY(fcntl(p[0], F_SETSIG, 99));
  TRY(fcntl(p[0], F_SETOWN, 99999999));
  return 0;
}
