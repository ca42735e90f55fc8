/* What poll(2) says of TCP sockets in each state. */
#include "inet.h"

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  int server = listener();
  say_poll("listening", server, 0);
  int c = connect_to(server);
  say_poll("waiting client", server, POLLIN);
  int s = MUST(accept(server, NULL, NULL));
  say_poll("connected", s, POLLOUT);
  TRY(send(c, "abc", 3, 0));
  say_poll("data", s, POLLIN);
  char text[8];
  TRY(recv(s, text, 8, 0));
  int small = 4096;
  MUST(setsockopt(s, SOL_SOCKET, SO_SNDBUF, &small, sizeof small));
  static char junk[1 << 16];
  while (send(s, junk, sizeof junk, MSG_DONTWAIT) > 0) continue;
  say("full: %s\n", error_name(errno));
  struct pollfd p = {s, POLLOUT, 0};
  TRY(poll(&p, 1, 0));
  struct linger l = {1, 0};
  MUST(setsockopt(c, SOL_SOCKET, SO_LINGER, &l, sizeof l));
  close(c);
  say_poll("reset", s, POLLERR | POLLHUP);
  TRY(recv(s, text, 8, 0));
  TRY(recv(s, text, 8, 0));
  TRY(send(s, "x", 1, 0));
  struct pollfd two[2] = {{server, POLLIN, 0}, {-1, POLLIN, 7}};
  TRY(poll(two, 2, 10));
  say("%#x %#x\n", two[0].revents, two[1].revents);
  return 0;
}
