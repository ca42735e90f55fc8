/* epoll: level, edge, one shot. */
#include "case.h"

static int e;

static void show(const char *what) {
  struct epoll_event v[4];
  int n = epoll_wait(e, v, 4, 0);
  say("%s: %d", what, n);
  for (int i = 0; i < n; i++) say(" [%#x %d]", v[i].events, v[i].data.u32);
  say("\n");
}

int main(void) {
  e = MUST(epoll_create1(EPOLL_CLOEXEC));
  int ends[2];
  MUST(pipe2(ends, O_NONBLOCK));
  struct epoll_event v = {.events = EPOLLIN, .data.u32 = 1};
  TRY(epoll_ctl(e, EPOLL_CTL_ADD, ends[0], &v));
  TRY(epoll_ctl(e, EPOLL_CTL_ADD, ends[0], &v));
  show("empty");
  MUST(write(ends[1], "xy", 2));
  show("level");
  show("level again");
  v.events = EPOLLIN | EPOLLET;
  TRY(epoll_ctl(e, EPOLL_CTL_MOD, ends[0], &v));
  show("edge");
  show("edge again");
  MUST(write(ends[1], "z", 1));
  show("edge after a write");
  v.events = EPOLLIN | EPOLLONESHOT;
  TRY(epoll_ctl(e, EPOLL_CTL_MOD, ends[0], &v));
  show("one shot");
  show("one shot again");
  v.events = EPOLLIN;
  TRY(epoll_ctl(e, EPOLL_CTL_MOD, ends[0], &v));
  show("armed");
  close(ends[1]);
  show("hung up");
  TRY(epoll_ctl(e, EPOLL_CTL_DEL, ends[0], NULL));
  TRY(epoll_ctl(e, EPOLL_CTL_DEL, ends[0], NULL));
  show("deleted");
  return 0;
}
