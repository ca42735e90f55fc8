/* What epoll refuses. */
#include "case.h"

int main(void) {
  scratch();
  int e = MUST(epoll_create1(0)), f = MUST(epoll_create1(0)), ends[2], file = MUST(open("f", O_CREAT | O_RDWR, 0644));
  MUST(pipe(ends));
  struct epoll_event v = {.events = EPOLLIN};
  TRY(epoll_create1(1));
  TRY(epoll_create(0));
  TRY(epoll_ctl(e, EPOLL_CTL_ADD, file, &v));
  TRY(epoll_ctl(e, EPOLL_CTL_ADD, e, &v));
  TRY(epoll_ctl(e, EPOLL_CTL_ADD, 99, &v));
  TRY(epoll_ctl(99, EPOLL_CTL_ADD, ends[0], &v));
  TRY(epoll_ctl(ends[0], EPOLL_CTL_ADD, ends[1], &v));
  TRY(epoll_ctl(e, 9, ends[0], &v));
  TRY(epoll_ctl(e, EPOLL_CTL_MOD, ends[0], &v));
  TRY(epoll_ctl(e, EPOLL_CTL_ADD, ends[0], BAD));
  TRY(epoll_ctl(e, EPOLL_CTL_ADD, f, &v));
  TRY(epoll_ctl(f, EPOLL_CTL_ADD, e, &v));
  v.events = EPOLLIN | EPOLLEXCLUSIVE;
  TRY(epoll_ctl(f, EPOLL_CTL_ADD, ends[0], &v));
  TRY(epoll_ctl(f, EPOLL_CTL_MOD, ends[0], &v));
  v.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT;
  TRY(epoll_ctl(f, EPOLL_CTL_ADD, ends[1], &v));
  TRY(epoll_wait(e, &v, 0, 0));
  TRY(epoll_wait(e, &v, -1, 0));
  TRY(epoll_wait(ends[0], &v, 1, 0));
  TRY(epoll_wait(99, &v, 1, 0));
  MUST(write(ends[1], "x", 1));
  TRY(epoll_wait(f, BAD, 1, 0));
  return 0;
}
