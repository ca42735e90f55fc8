/* A large heap after fork: both sides change every page and see only their own changes. */
#include "case.h"

enum { SIZE = 24 << 20 };

int main(void) {
  char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (long i = 0; i < SIZE; i += 4096) p[i] = (char)(i >> 12);
  int ends[2];
  MUST(pipe(ends));
  pid_t pid = MUST(fork());
  long wrong = 0;
  if (pid == 0) {
    for (long i = 0; i < SIZE; i += 4096) {
      wrong += p[i] != (char)(i >> 12);
      p[i] = 'c';
    }
    char go;
    read(ends[0], &go, 1);
    for (long i = 0; i < SIZE; i += 4096) wrong += p[i] != 'c';
    say("child: %ld wrong\n", wrong);
    _exit(0);
  }
  for (long i = SIZE - 4096; i >= 0; i -= 4096) {
    wrong += p[i] != (char)(i >> 12);
    p[i] = 'p';
  }
  write(ends[1], "g", 1);
  wait(NULL);
  for (long i = 0; i < SIZE; i += 4096) wrong += p[i] != 'p';
  say("parent: %ld wrong\n", wrong);
  return 0;
}
