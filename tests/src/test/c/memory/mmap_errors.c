/* What mmap refuses, and in which order it looks. */
#include "case.h"

int main(void) {
  scratch();
  MUST(write_file("f", "hello"));
  int ro = MUST(open("f", O_RDONLY));
  int wo = MUST(open("f", O_WRONLY));
  int rw = MUST(open("f", O_RDWR));
  int dir = MUST(open(".", O_RDONLY));
  int ends[2];
  MUST(pipe(ends));
  int anon = MAP_PRIVATE | MAP_ANONYMOUS;
  OK(mmap(NULL, 0, PROT_READ, anon, -1, 0));
  OK(mmap(NULL, 4096, PROT_READ, MAP_ANONYMOUS, -1, 0));
  OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0));
  OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, ro, 1));
  OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, ends[0], 0));
  OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, dir, 0));
  OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, wo, 0));
  OK(mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, wo, 0));
  OK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ro, 0));
  OK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, ro, 0));
  OK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, rw, 0));
  OK(mmap(NULL, 4096, PROT_READ, 4 /* no type */, rw, 0));
  OK(mmap((void *)1, 4096, PROT_READ, anon | MAP_FIXED, -1, 0));
  OK(mmap((void *)0x7ffffffff000, 8192, PROT_READ, anon | MAP_FIXED, -1, 0));
  OK(mmap(NULL, (size_t)-4096, PROT_READ, anon, -1, 0));
  OK(mmap(NULL, 1ul << 47, PROT_READ, anon, -1, 0));
  OK(mmap(NULL, 4096, PROT_NONE, anon, -1, 0));
  return 0;
}
