/* Level and edge triggered epoll over TCP. */
#include "inet.h"

static int ep;

static void say_events(const char *what, int timeout) {
  struct epoll_event e[4];
  int n = epoll_wait(ep, e, 4, timeout);
  say("%s: %d", what, n);
  for (int i = 0; i < n; i++) say(" %u:%#x", e[i].data.u32, e[i].events);
  say("\n");
}

int main(void) {
  int s[2];
  tcp_pair(s);
  ep = MUST(epoll_create1(0));
  struct epoll_event e = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.u32 = 1};
  MUST(epoll_ctl(ep, EPOLL_CTL_ADD, s[1], &e));
  say_events("nothing", 0);
  MUST(send(s[0], "ab", 2, 0));
  say_events("edge", 2000);
  say_events("again", 0);
  char text[8];
  TRY(recv(s[1], text, 1, 0));
  say_events("after part", 0);
  MUST(send(s[0], "c", 1, 0));
  say_events("next edge", 2000);
  e.events = EPOLLIN;
  MUST(epoll_ctl(ep, EPOLL_CTL_MOD, s[1], &e));
  say_events("level", 2000);
  say_events("level again", 0);
  TRY(recv(s[1], text, 8, 0));
  say_events("drained", 0);
  e.events = EPOLLIN | EPOLLOUT | EPOLLONESHOT;
  MUST(epoll_ctl(ep, EPOLL_CTL_MOD, s[1], &e));
  say_events("one shot", 2000);
  say_events("one shot again", 0);
  e.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
  MUST(epoll_ctl(ep, EPOLL_CTL_MOD, s[1], &e));
  MUST(shutdown(s[0], SHUT_WR));
  say_events("half closed", 2000);
  int server = listener();
  e.data.u32 = 2;
  e.events = EPOLLIN;
  MUST(epoll_ctl(ep, EPOLL_CTL_ADD, server, &e));
  int c = connect_to(server);
  say_events("client", 2000);
  close(MUST(accept(server, NULL, NULL)));
  say_events("taken", 0);
  close(c);
  return 0;
}
