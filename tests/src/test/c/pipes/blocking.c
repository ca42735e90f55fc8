/* Readers wait for writers and the other way round. */
#include "case.h"

int main(void) {
  int p[2];
  MUST(pipe(p));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    close(p[0]);
    static char big[300000];
    memset(big, 'x', sizeof big);
    say("written %zd\n", write(p[1], big, sizeof big));
    _exit(0);
  }
  close(p[1]);
  until_asleep(pid);
  char buffer[7000];
  long total = 0, n, wrong = 0;
  while ((n = read(p[0], buffer, sizeof buffer)) > 0) {
    for (long i = 0; i < n; i++) wrong += buffer[i] != 'x';
    total += n;
  }
  say("read %ld wrong %ld\n", total, wrong);
  reap("writer", pid);
  return 0;
}
