/* Code that was written into memory runs once it may be executed. */
#include "case.h"

int main(void) {
  static const unsigned char code[] = {0x8d, 0x04, 0x37, 0xc3}; /* lea (%rdi,%rsi),%eax; ret */
  unsigned char *p =
      mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(p, code, sizeof code);
  MUST(mprotect(p, 4096, PROT_READ | PROT_EXEC));
  say("%d\n", ((int (*)(int, int))p)(40, 2));
  MUST(mprotect(p, 4096, PROT_READ | PROT_WRITE));
  p[1] = 0x04;
  p[2] = 0x3f; /* lea (%rdi,%rdi),%eax */
  MUST(mprotect(p, 4096, PROT_READ | PROT_EXEC));
  say("%d\n", ((int (*)(int, int))p)(40, 2));
  int fd = MUST(memfd_create("code", 0));
  MUST(ftruncate(fd, 4096));
  char *w = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  char *x = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
  memcpy(w, code, sizeof code);
  say("%d\n", ((int (*)(int, int))x)(20, 3));
  return 0;
}
