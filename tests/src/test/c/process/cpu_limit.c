/* RLIMIT_CPU: SIGXCPU at the soft limit. */
#include "case.h"

static void on_limit(int signal) {
  say("SIG%s\n", sigabbrev_np(signal));
  _exit(5);
}

static void spin(void) {
  struct rlimit l = {1, 3};
  MUST(setrlimit(RLIMIT_CPU, &l));
  install(SIGXCPU, on_limit, 0);
  for (volatile long i = 0;; i++) continue;
}

int main(void) {
  in_child("spinning", spin);
  return 0;
}
