/* Locking memory: limits and errors without privilege. */
#include "case.h"

int main(void) {
  char *p = mmap(NULL, 64 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  TRY(mlock(p, 4096));
  TRY(munlock(p, 4096));
  TRY(mlock2(p, 4096, MLOCK_ONFAULT));
  TRY(mlock2(p, 4096, 8));
  TRY(mlockall(0));
  TRY(mlockall(MCL_ONFAULT));
  TRY(munlockall());
  MUST(munmap(p + 8192, 4096));
  TRY(mlock(p, 4 * 4096));
  TRY(munlock(p, 4 * 4096));
  struct rlimit few = {16 * 4096, 16 * 4096};
  MUST(setrlimit(RLIMIT_MEMLOCK, &few));
  become(1234, 1234);
  TRY(munlockall());
  TRY(mlock(p + 16 * 4096, 16 * 4096));
  TRY(mlock(p + 32 * 4096, 4096));
  TRY(munlockall());
  TRY(mlock(p + 32 * 4096, 4096));
  few.rlim_cur = 0;
  MUST(setrlimit(RLIMIT_MEMLOCK, &few));
  TRY(mlock(p, 4096));
  OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
  return 0;
}
