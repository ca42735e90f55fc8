/* A program that a signal ends. */
#include "case.h"

int main(void) {
  struct rlimit none = {0, 0};
  MUST(setrlimit(RLIMIT_CORE, &none));
  say("before\n");
  raise(SIGUSR1);
  say("after\n");
  return 0;
}
