/* mremap with an old size of 0 doubles a shared mapping. */
#include "case.h"

int main(void) {
  int anon = MAP_ANONYMOUS, rw = PROT_READ | PROT_WRITE;
  char *p = mmap(NULL, 8192, rw, MAP_SHARED | anon, -1, 0);
  p[0] = 'x';
  char *q = mremap(p, 0, 8192, MREMAP_MAYMOVE);
  say("two places %d, one memory: %c", q != p, q[0]);
  q[1] = 'y';
  say("%c\n", p[1]);
  char *own = mmap(NULL, 4096, rw, MAP_PRIVATE | anon, -1, 0);
  OK(mremap(own, 0, 4096, MREMAP_MAYMOVE));
  return 0;
}
