/* RLIMIT_AS and RLIMIT_DATA bound what can be mapped. */
#include "case.h"

int main(void) {
  int rw = PROT_READ | PROT_WRITE, anon = MAP_PRIVATE | MAP_ANONYMOUS;
  struct rlimit as = {256 << 20, RLIM_INFINITY};
  MUST(setrlimit(RLIMIT_AS, &as));
  OK(mmap(NULL, 512 << 20, rw, anon, -1, 0));
  OK(mmap(NULL, 64 << 20, rw, anon, -1, 0));
  OK(mmap(NULL, 512 << 20, PROT_NONE, anon | MAP_NORESERVE, -1, 0));
  char *p = mmap(NULL, 4096, rw, anon, -1, 0);
  OK(mremap(p, 4096, 512 << 20, MREMAP_MAYMOVE));
  as.rlim_cur = RLIM_INFINITY;
  MUST(setrlimit(RLIMIT_AS, &as));
  struct rlimit data = {96 << 20, RLIM_INFINITY};
  MUST(setrlimit(RLIMIT_DATA, &data));
  OK(mmap(NULL, 128 << 20, rw, anon, -1, 0));
  OK(mmap(NULL, 128 << 20, PROT_READ, anon, -1, 0));
  OK(mmap(NULL, 128 << 20, rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  return 0;
}
