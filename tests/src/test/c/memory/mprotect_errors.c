/* mprotect: alignment, holes, what a file's mode forbids. */
#include "case.h"

int main(void) {
  scratch();
  MUST(write_file("f", "hello"));
  int ro = MUST(open("f", O_RDONLY));
  char *shared = mmap(NULL, 4096, PROT_READ, MAP_SHARED, ro, 0);
  char *own = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, ro, 0);
  char *p = mmap(NULL, 4 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  TRY(mprotect(shared, 4096, PROT_READ | PROT_WRITE));
  TRY(mprotect(own, 4096, PROT_READ | PROT_WRITE));
  own[0] = 'J';
  say("%.5s %.5s\n", own, shared);
  TRY(mprotect(p + 1, 4096, PROT_READ));
  TRY(mprotect(p, 0, PROT_READ));
  TRY(mprotect(p, 4096, 0x40));
  TRY(mprotect(p, 1, PROT_READ | PROT_WRITE));
  p[4095] = 1;
  MUST(munmap(p + 8192, 4096));
  TRY(mprotect(p, 4 * 4096, PROT_READ | PROT_WRITE));
  p[4096] = 1;
  TRY(mprotect(p, 4096, PROT_READ | PROT_GROWSDOWN));
  TRY(mprotect(p + 8192, 4096, PROT_READ));
  return 0;
}
