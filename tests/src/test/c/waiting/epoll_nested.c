/* An epoll descriptor in another one, and in poll. */
#include "case.h"

int main(void) {
  int inner = MUST(epoll_create1(0)), outer = MUST(epoll_create1(0)), event = MUST(eventfd(0, EFD_NONBLOCK));
  struct epoll_event v = {.events = EPOLLIN, .data.u32 = 1};
  MUST(epoll_ctl(inner, EPOLL_CTL_ADD, event, &v));
  v.data.u32 = 2;
  MUST(epoll_ctl(outer, EPOLL_CTL_ADD, inner, &v));
  struct pollfd p = {outer, POLLIN, 0};
  TRY(poll(&p, 1, 0));
  uint64_t one = 1;
  MUST(write(event, &one, 8));
  TRY(poll(&p, 1, 1000));
  TRY(epoll_wait(outer, &v, 1, 0));
  say("%d\n", v.data.u32);
  TRY(epoll_wait(inner, &v, 1, 0));
  say("%d\n", v.data.u32);
  MUST(read(event, &one, 8));
  TRY(poll(&p, 1, 0));
  TRY(epoll_wait(outer, &v, 1, 0));
  return 0;
}
