/* close(2) with data unread, with lingering, and from a process that has other copies. */
#include "inet.h"

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  int s[2];
  char text[8];
  tcp_pair(s);
  MUST(send(s[0], "unread", 6, 0));
  until_readable(s[1], 6);
  close(s[1]);
  say_poll("reset", s[0], POLLERR | POLLHUP);
  TRY(recv(s[0], text, 8, 0));
  TRY(recv(s[0], text, 8, 0));
  tcp_pair(s);
  struct linger l = {1, 2};
  MUST(setsockopt(s[0], SOL_SOCKET, SO_LINGER, &l, sizeof l));
  MUST(send(s[0], "kept", 4, 0));
  TRY(close(s[0]));
  TRY(recv(s[1], text, 8, MSG_WAITALL));
  TRY(recv(s[1], text, 8, 0));
  tcp_pair(s);
  pid_t child = MUST(fork());
  if (child == 0) _exit(0);
  reap("child", child);
  close(s[0]);
  TRY(recv(s[1], text, 8, 0));
  TRY(send(s[1], "x", 1, 0));
  say_poll("then", s[1], POLLHUP | POLLERR);
  TRY(send(s[1], "x", 1, 0));
  int server = listener();
  int c = connect_to(server);
  close(server);
  say_poll("never accepted", c, POLLHUP | POLLERR);
  TRY(recv(c, text, 8, 0));
  TRY(close(c));
  TRY(send(c, "x", 1, 0));
  TRY(recv(0, text, 1, MSG_DONTWAIT));
  return 0;
}
