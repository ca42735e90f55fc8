/* mincore: touched pages are resident; errors. */
#include "case.h"

int main(void) {
  unsigned char v[8];
  char *p = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  p[0] = p[2 * 4096] = 1;
  TRY(mincore(p, 4 * 4096, v));
  say("touched %d %d\n", v[0] & 1, v[2] & 1);
  TRY(mincore(p + 1, 4096, v));
  TRY(mincore(p, 4096, BAD));
  TRY(mincore(p, 0, v));
  MUST(munmap(p + 4096, 4096));
  TRY(mincore(p, 4 * 4096, v));
  return 0;
}
