/* madvise: DONTNEED zeroes private memory; errors. */
#include "case.h"

int main(void) {
  int rw = PROT_READ | PROT_WRITE;
  char *p = mmap(NULL, 4 * 4096, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(p, 'x', 4 * 4096);
  TRY(madvise(p + 4096, 4096, MADV_DONTNEED));
  say("%c %d %c\n", p[0], p[4096], p[8192]);
  char *s = mmap(NULL, 8192, rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  memset(s, 'y', 8192);
  TRY(madvise(s, 4096, MADV_DONTNEED));
  say("shared stays %c\n", s[0]);
  TRY(madvise(s, 4096, MADV_REMOVE));
  say("removed %d, rest %c\n", s[0], s[4096]);
  TRY(madvise(p + 1, 4096, MADV_NORMAL));
  TRY(madvise(p, 4096, 999));
  TRY(madvise(p, 0, MADV_DONTNEED));
  TRY(madvise(p, 4096, MADV_WILLNEED));
  TRY(madvise(p, 4096, MADV_SEQUENTIAL));
  TRY(madvise(p, 4096, MADV_RANDOM));
  TRY(madvise(p, 4096, MADV_DONTFORK));
  TRY(madvise(p, 4096, MADV_DOFORK));
  MUST(munmap(p + 8192, 4096));
  TRY(madvise(p, 4 * 4096, MADV_DONTNEED));
  say("both sides of the hole: %d %d\n", p[0], p[3 * 4096]);
  return 0;
}
