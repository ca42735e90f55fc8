/* connect(2): refused, blocking and not, again, to itself, with wrong addresses. */
#include "inet.h"

int main(void) {
  int free_one = bound(SOCK_STREAM);
  struct sockaddr_in a = name_of(free_one);
  close(free_one);
  int s = MUST(socket(AF_INET, SOCK_STREAM, 0));
  TRY(connect(s, (struct sockaddr *)&a, sizeof a));
  TRY(connect(s, (struct sockaddr *)&a, sizeof a));
  close(s);
  s = MUST(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
  long r = connect(s, (struct sockaddr *)&a, sizeof a);
  say("non-blocking: %s\n", r == -1 ? error_name(errno) : "0");
  say_poll("refused", s, POLLERR | POLLHUP);
  say("error %s\n", error_name(option(s, SOL_SOCKET, SO_ERROR)));
  say("error %d\n", option(s, SOL_SOCKET, SO_ERROR));
  close(s);
  int server = listener();
  a = name_of(server);
  s = MUST(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
  TRY(connect(s, (struct sockaddr *)&a, sizeof a));
  say_poll("connected", s, POLLOUT);
  TRY(connect(s, (struct sockaddr *)&a, sizeof a));
  TRY(connect(s, (struct sockaddr *)&a, sizeof a));
  TRY(listen(s, 1));
  close(s);
  s = MUST(socket(AF_INET, SOCK_STREAM, 0));
  say_poll("fresh", s, POLLHUP);
  TRY(connect(s, (struct sockaddr *)&a, 4));
  TRY(connect(s, (struct sockaddr *)&a, 200));
  TRY(connect(s, BAD, sizeof a));
  a.sin_family = 77;
  TRY(connect(s, (struct sockaddr *)&a, sizeof a));
  TRY(getpeername(s, (struct sockaddr *)&a, &(socklen_t){sizeof a}));
  TRY(send(s, "x", 1, MSG_NOSIGNAL));
  TRY(recv(s, &a, 1, 0));
  TRY(accept(s, NULL, NULL));
  struct sockaddr_in far = {.sin_family = AF_INET, .sin_port = htons(9)};
  far.sin_addr.s_addr = htonl(0x0a000001);
  TRY(connect(s, (struct sockaddr *)&far, sizeof far));
  return 0;
}
