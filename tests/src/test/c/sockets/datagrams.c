/* Datagrams and sequenced packets keep their bounds. */
#include "case.h"

int main(void) {
  scratch();
  int s[2];
  char text[32] = "";
  MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, s));
  TRY(send(s[0], "one", 3, 0));
  TRY(send(s[0], "", 0, 0));
  TRY(send(s[0], "three", 5, 0));
  TRY(recv(s[1], text, 2, MSG_TRUNC));
  TRY(recv(s[1], text, 31, 0));
  TRY(recv(s[1], text, 31, 0));
  TRY(recv(s[1], text, 31, MSG_DONTWAIT));
  close(s[1]);
  TRY(send(s[0], "x", 1, MSG_NOSIGNAL));
  MUST(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s));
  TRY(send(s[0], "one", 3, 0));
  TRY(send(s[0], "two", 3, MSG_EOR));
  struct iovec v = {text, 2};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
  TRY(recvmsg(s[1], &m, 0));
  say("truncated %d\n", (m.msg_flags & MSG_TRUNC) != 0);
  TRY(recv(s[1], text, 31, 0));
  close(s[0]);
  TRY(recv(s[1], text, 31, 0));
  TRY(send(s[1], "x", 1, MSG_NOSIGNAL));
  int a = MUST(socket(AF_UNIX, SOCK_DGRAM, 0)), b = MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
  struct sockaddr_un na = {AF_UNIX, "a"}, nb = {AF_UNIX, "b"}, from;
  MUST(bind(a, (struct sockaddr *)&na, sizeof na));
  MUST(bind(b, (struct sockaddr *)&nb, sizeof nb));
  TRY(sendto(a, "hi", 2, 0, (struct sockaddr *)&nb, sizeof nb));
  socklen_t n = sizeof from;
  TRY(recvfrom(b, text, 31, 0, (struct sockaddr *)&from, &n));
  say("from %s\n", from.sun_path);
  TRY(send(a, "x", 1, 0));
  TRY(connect(a, (struct sockaddr *)&nb, sizeof nb));
  TRY(send(a, "x", 1, 0));
  TRY(listen(a, 1));
  TRY(accept(a, NULL, NULL));
  close(b);
  TRY(send(a, "x", 1, MSG_NOSIGNAL));
  static char big[400000];
  MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, s));
  TRY(send(s[0], big, sizeof big, MSG_DONTWAIT));
  return 0;
}
