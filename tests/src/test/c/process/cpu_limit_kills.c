/* RLIMIT_CPU: SIGXCPU again and again, then SIGKILL at the hard limit; children have the limit too. */
#include "case.h"

static void on_limit(int signal) {
  struct rlimit l;
  MUST(getrlimit(RLIMIT_CPU, &l));
  say("SIG%s, now %ld of %ld\n", sigabbrev_np(signal), (long)l.rlim_cur, (long)l.rlim_max);
}

static void spin(void) {
  install(SIGXCPU, on_limit, 0);
  for (volatile long i = 0;; i++) continue;
}

static void limited(void) {
  struct rlimit l = {1, 2};
  MUST(setrlimit(RLIMIT_CPU, &l));
  in_child("child", spin);
}

int main(void) {
  in_child("parent", limited);
  return 0;
}
