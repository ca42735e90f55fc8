/* Connected streams: shutdown, end of file, EPIPE, peek. */
#include "case.h"

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  int s[2];
  MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
  char text[32] = "";
  TRY(send(s[0], "hello", 5, 0));
  TRY(send(s[0], " world", 6, 0));
  TRY(recv(s[1], text, 3, MSG_PEEK));
  say("%s\n", text);
  TRY(recv(s[1], text, 31, 0));
  say("%s\n", text);
  TRY(recv(s[1], text, 1, MSG_DONTWAIT));
  TRY(shutdown(s[0], SHUT_WR));
  TRY(recv(s[1], text, 1, 0));
  TRY(send(s[0], "x", 1, 0));
  TRY(send(s[1], "back", 4, MSG_NOSIGNAL));
  TRY(recv(s[0], text, 31, MSG_WAITALL | MSG_DONTWAIT));
  TRY(shutdown(s[0], 9));
  close(s[1]);
  TRY(recv(s[0], text, 1, 0));
  TRY(send(s[0], "x", 1, 0));
  struct pollfd p = {s[0], POLLIN | POLLOUT | POLLRDHUP, 0};
  TRY(poll(&p, 1, 0));
  say("%#x\n", p.revents);
  TRY(socketpair(AF_UNIX, 99, 0, s));
  TRY(socketpair(AF_UNIX, SOCK_STREAM, 99, s));
  TRY(socketpair(AF_UNIX, SOCK_STREAM, 0, BAD));
  TRY(socket(99, SOCK_STREAM, 0));
  return 0;
}
