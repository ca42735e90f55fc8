/* mremap grows, shrinks, moves, and keeps what was there. */
#include "case.h"

int main(void) {
  int anon = MAP_PRIVATE | MAP_ANONYMOUS, rw = PROT_READ | PROT_WRITE;
  char *p = mmap(NULL, 4 * 4096, rw, anon, -1, 0);
  for (int i = 0; i < 4; i++) p[i * 4096] = 'a' + i;
  char *q = mremap(p, 4 * 4096, 2 * 4096, 0);
  say("shrunk in place %d: %c%c\n", q == p, q[0], q[4096]);
  char *wall = mmap(p + 2 * 4096, 4096, rw, anon | MAP_FIXED, -1, 0);
  OK(mremap(p, 2 * 4096, 4 * 4096, 0));
  q = mremap(p, 2 * 4096, 4 * 4096, MREMAP_MAYMOVE);
  say("moved %d: %c%c%d\n", q != p, q[0], q[4096], q[3 * 4096]);
  OK(mprotect(p, 4096, PROT_READ));
  char *r = mmap(NULL, 16 * 4096, PROT_NONE, anon, -1, 0);
  char *s = mremap(q, 4 * 4096, 4 * 4096, MREMAP_MAYMOVE | MREMAP_FIXED, r + 4096);
  say("at the place asked for %d: %c%c\n", s == r + 4096, s[0], s[4096]);
  OK(mremap(s, 4096, 4096, MREMAP_FIXED, r));
  OK(mremap(s + 1, 4096, 8192, MREMAP_MAYMOVE));
  OK(mremap(s, 4096, 0, MREMAP_MAYMOVE));
  OK(mremap(s, 8192, 8192, MREMAP_MAYMOVE | MREMAP_FIXED, s + 4096));
  OK(mremap(s, 4096, 4096, 64));
  MUST(munmap(wall, 4096));
  OK(mremap(wall, 4096, 8192, MREMAP_MAYMOVE));
  char *keep = mremap(s, 4096, 4096, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
  say("dontunmap: old %d new %c\n", s[0], keep[0]);
  return 0;
}
