/* A watch lives as long as the open file, not the descriptor. */
#include "case.h"

int main(void) {
  int e = MUST(epoll_create1(0)), ends[2];
  MUST(pipe(ends));
  int copy = dup(ends[0]);
  struct epoll_event v = {.events = EPOLLIN, .data.u32 = 7};
  MUST(epoll_ctl(e, EPOLL_CTL_ADD, ends[0], &v));
  MUST(write(ends[1], "x", 1));
  close(ends[0]);
  v.data.u32 = 0;
  TRY(epoll_wait(e, &v, 1, 0));
  say("%d\n", v.data.u32);
  TRY(epoll_ctl(e, EPOLL_CTL_DEL, ends[0], NULL));
  close(copy);
  TRY(epoll_wait(e, &v, 1, 0));
  return 0;
}
