/* shutdown(2) of each half, and what the other side sees. */
#include "inet.h"

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  int s[2];
  char text[16] = "";
  tcp_pair(s);
  TRY(send(s[0], "last", 4, 0));
  TRY(shutdown(s[0], SHUT_WR));
  TRY(send(s[0], "x", 1, 0));
  say_poll("peer of the closed half", s[1], POLLIN | POLLRDHUP);
  TRY(recv(s[1], text, 16, MSG_WAITALL));
  say("%s\n", text);
  TRY(recv(s[1], text, 16, 0));
  TRY(send(s[1], "answer", 6, 0));
  TRY(recv(s[0], text, 16, 0));
  TRY(shutdown(s[1], SHUT_WR));
  say_poll("both closed", s[0], POLLHUP);
  TRY(recv(s[0], text, 16, 0));
  TRY(shutdown(s[0], 3));
  TRY(shutdown(s[0], -1));
  tcp_pair(s);
  TRY(shutdown(s[1], SHUT_RD));
  say_poll("own half closed", s[1], POLLIN);
  TRY(recv(s[1], text, 16, 0));
  int fresh = MUST(socket(AF_INET, SOCK_STREAM, 0));
  TRY(shutdown(fresh, SHUT_RDWR));
  int server = listener();
  TRY(shutdown(server, SHUT_RDWR));
  TRY(accept(server, NULL, NULL));
  return 0;
}
