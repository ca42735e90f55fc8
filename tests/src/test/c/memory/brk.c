/* The program break moves both ways and new memory is zero. */
#include "case.h"

int main(void) {
  char *start = (char *)syscall(SYS_brk, 0);
  char *end = (char *)syscall(SYS_brk, start + 3 * 4096 + 5);
  say("grown by %ld\n", (long)(end - start));
  say("zero %d %d\n", start[4096], end[-1]);
  memset(start, 5, end - start);
  end = (char *)syscall(SYS_brk, start + 10);
  say("shrunk to %ld\n", (long)(end - start));
  end = (char *)syscall(SYS_brk, start + 8192);
  long page_end = (4096 - (uintptr_t)start % 4096) % 4096;
  say("kept %d, fresh %d\n", start[0], start[page_end + 4096 - 1]);
  end = (char *)syscall(SYS_brk, (char *)1);
  say("too low: stays %d\n", end == start + 8192);
  char *wall = mmap((char *)(((uintptr_t)start + 0x100000) & ~4095ul), 4096, PROT_READ,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  end = (char *)syscall(SYS_brk, wall + 4096 * 4);
  say("into a mapping: stays %d\n", end == start + 8192);
  struct rlimit data = {4096, RLIM_INFINITY};
  MUST(setrlimit(RLIMIT_DATA, &data));
  end = (char *)syscall(SYS_brk, start + 8192 * 4);
  say("above RLIMIT_DATA: stays %d\n", end == start + 8192);
  return 0;
}
