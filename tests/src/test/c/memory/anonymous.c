/* Anonymous memory is zero, can be written, and is gone after munmap. */
#include "case.h"

int main(void) {
  long page = sysconf(_SC_PAGESIZE);
  char *p = mmap(NULL, 16 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  long sum = 0;
  for (long i = 0; i < 16 * page; i++) sum += p[i];
  say("page %ld, sum %ld\n", page, sum);
  memset(p, 7, 16 * page);
  TRY(munmap(p + 4 * page, 4 * page));
  say("before %d after %d\n", p[4 * page - 1], p[8 * page]);
  say("hole readable: %s\n", write(-1, p, 1) == -1 ? error_name(errno) : "?");
  int ends[2];
  MUST(pipe(ends));
  TRY(write(ends[1], p + 4 * page, 1));
  TRY(write(ends[1], p + 4 * page - 1, 2));
  TRY(munmap(p, 16 * page));
  TRY(munmap(p, 16 * page));
  TRY(munmap(p + 1, page));
  TRY(munmap(p, 0));
  return 0;
}
