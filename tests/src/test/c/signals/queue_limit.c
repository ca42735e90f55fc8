/* RLIMIT_SIGPENDING bounds what is queued; kill still gets through. */
#include "case.h"

int main(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGRTMIN);
  MUST(sigprocmask(SIG_BLOCK, &set, NULL));
  become(54321, 54321);
  struct rlimit l = {3, 3};
  MUST(setrlimit(RLIMIT_SIGPENDING, &l));
  union sigval value = {.sival_int = 1};
  for (int i = 0; i < 5; i++) TRY(sigqueue(getpid(), SIGRTMIN, value));
  return 0;
}
