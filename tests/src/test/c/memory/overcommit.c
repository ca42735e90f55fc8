/* More is promised than there is: what nobody touches costs nothing, in big pieces and in many. */
#include "case.h"

int main(void) {
  int rw = PROT_READ | PROT_WRITE, anon = MAP_PRIVATE | MAP_ANONYMOUS;
  char *big = mmap(NULL, 1UL << 40, rw, anon | MAP_NORESERVE, -1, 0);
  say("a terabyte: %s\n", big == MAP_FAILED ? error_name(errno) : "ok");
  big[0] = big[(1UL << 40) - 1] = big[1UL << 39] = 'x';
  say("%c%c%c%d\n", big[0], big[1UL << 39], big[(1UL << 40) - 1], big[1UL << 38]);
  OK(mmap(NULL, 1UL << 44, PROT_NONE, anon | MAP_NORESERVE, -1, 0));
  TRY(mmap(NULL, 1UL << 47, PROT_NONE, anon | MAP_NORESERVE, -1, 0));
  TRY(mmap(NULL, 0, rw, anon, -1, 0));
  TRY(mmap(NULL, -1UL, rw, anon, -1, 0));
  TRY(munmap(big, 1UL << 40));
  int made = 0;
  for (int i = 0; i < 2000; i++)
    made += mmap(NULL, 1UL << 20, i & 1 ? rw : PROT_READ, anon, -1, 0) != MAP_FAILED;
  say("pieces %d\n", made);
  pid_t pid = MUST(fork());
  if (pid == 0) _exit(7);
  reap("forked with all of them", pid);
  return 0;
}
