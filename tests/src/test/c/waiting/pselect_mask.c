/* ppoll and pselect swap the mask for the time of the wait. */
#include "case.h"

static void on(int signal) { say("got SIG%s\n", sigabbrev_np(signal)); }

int main(void) {
  sigset_t one, none, now;
  sigemptyset(&one);
  sigemptyset(&none);
  sigaddset(&one, SIGUSR1);
  install(SIGUSR1, on, 0);
  MUST(sigprocmask(SIG_BLOCK, &one, NULL));
  raise(SIGUSR1);
  struct timespec t = {5, 0};
  TRY(ppoll(NULL, 0, &t, &none));
  raise(SIGUSR1);
  TRY(pselect(0, NULL, NULL, NULL, &t, &none));
  raise(SIGUSR1);
  int e = MUST(epoll_create1(0));
  struct epoll_event event;
  TRY(epoll_pwait(e, &event, 1, 5000, &none));
  MUST(sigprocmask(SIG_BLOCK, NULL, &now));
  say("blocked %d\n", sigismember(&now, SIGUSR1));
  return 0;
}
