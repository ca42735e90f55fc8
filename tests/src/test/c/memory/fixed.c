/* MAP_FIXED replaces, MAP_FIXED_NOREPLACE does not, a hint is only a hint. */
#include "case.h"

int main(void) {
  long page = 4096;
  int anon = MAP_PRIVATE | MAP_ANONYMOUS, rw = PROT_READ | PROT_WRITE;
  char *p = mmap(NULL, 8 * page, rw, anon, -1, 0);
  memset(p, 1, 8 * page);
  char *q = mmap(p + 2 * page, page, rw, anon | MAP_FIXED, -1, 0);
  say("same place %d, old %d, new %d, old %d\n", q == p + 2 * page, p[page], q[0], p[3 * page]);
  OK(mmap(p + page, page, rw, anon | MAP_FIXED_NOREPLACE, -1, 0));
  MUST(munmap(p + 5 * page, page));
  q = mmap(p + 5 * page, page, rw, anon | MAP_FIXED_NOREPLACE, -1, 0);
  say("hole filled %d\n", q == p + 5 * page);
  q = mmap(p, page, rw, anon, -1, 0);
  say("a hint that is taken is not followed: %d\n", q != p && q != MAP_FAILED);
  MUST(munmap(p + 5 * page, page));
  q = mmap(p + 5 * page, page, rw, anon, -1, 0);
  say("a free hint is followed: %d\n", q == p + 5 * page);
  return 0;
}
