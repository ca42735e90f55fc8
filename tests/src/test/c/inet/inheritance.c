/* What an accepted socket takes over from its listener. */
#include "inet.h"

int main(void) {
  int server = bound(SOCK_STREAM);
  MUST(set_option(server, IPPROTO_TCP, TCP_NODELAY, 1));
  MUST(set_option(server, SOL_SOCKET, SO_KEEPALIVE, 1));
  MUST(set_option(server, IPPROTO_TCP, TCP_KEEPIDLE, 55));
  struct linger l = {1, 5};
  MUST(setsockopt(server, SOL_SOCKET, SO_LINGER, &l, sizeof l));
  struct timeval t = {3, 0};
  MUST(setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
  MUST(fcntl(server, F_SETFL, O_NONBLOCK));
  MUST(listen(server, 4));
  TRY(accept(server, NULL, NULL));
  int c = connect_to(server);
  say_poll("server", server, POLLIN);
  int s = MUST(accept4(server, NULL, NULL, SOCK_CLOEXEC));
  say("nodelay %d keepalive %d keepidle %d\n", option(s, IPPROTO_TCP, TCP_NODELAY),
      option(s, SOL_SOCKET, SO_KEEPALIVE), option(s, IPPROTO_TCP, TCP_KEEPIDLE));
  socklen_t length = sizeof l;
  MUST(getsockopt(s, SOL_SOCKET, SO_LINGER, &l, &length));
  say("linger %d %d\n", l.l_onoff, l.l_linger);
  length = sizeof t;
  MUST(getsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, &length));
  say("timeout %ld\n", (long)t.tv_sec);
  say("flags %#x descriptor %d\n", fcntl(s, F_GETFL), fcntl(s, F_GETFD));
  TRY(accept4(server, NULL, NULL, 1));
  int other = connect_to(server);
  say_poll("server", server, POLLIN);
  TRY(accept(server, BAD, &length));
  length = -1;
  struct sockaddr_in a;
  int third = connect_to(server);
  say_poll("server", server, POLLIN);
  TRY(accept(server, (struct sockaddr *)&a, &length));
  close(c), close(other), close(third);
  return 0;
}
