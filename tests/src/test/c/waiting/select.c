/* select and pselect. */
#include "case.h"

int main(void) {
  int ends[2];
  MUST(pipe(ends));
  fd_set r, w;
  struct timeval t = {0, 10000};
  FD_ZERO(&r);
  FD_ZERO(&w);
  FD_SET(ends[0], &r);
  FD_SET(ends[1], &w);
  TRY(select(ends[1] + 1, &r, &w, NULL, &t));
  say("read %d write %d\n", FD_ISSET(ends[0], &r) != 0, FD_ISSET(ends[1], &w) != 0);
  FD_SET(ends[0], &r);
  t = (struct timeval){0, 10000};
  TRY(select(ends[0] + 1, &r, NULL, NULL, &t));
  say("left %ld\n", (long)t.tv_usec);
  MUST(write(ends[1], "x", 1));
  FD_SET(ends[0], &r);
  t.tv_sec = 5;
  TRY(select(ends[0] + 1, &r, NULL, NULL, &t));
  say("time is left %d\n", t.tv_sec >= 4);
  FD_SET(50, &r);
  TRY(select(51, &r, NULL, NULL, &t));
  TRY(select(-1, &r, NULL, NULL, &t));
  t.tv_sec = -1;
  TRY(select(0, NULL, NULL, NULL, &t));
  TRY(syscall(SYS_select, 10, BAD, NULL, NULL, NULL));
  struct timespec s = {0, 1000000};
  TRY(pselect(0, NULL, NULL, NULL, &s, NULL));
  say("untouched %ld\n", s.tv_nsec);
  return 0;
}
