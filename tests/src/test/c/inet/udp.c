/* Datagrams, connected and not: truncation, peeking, empty ones, who may be heard. */
#include "inet.h"

int main(void) {
  int a = bound(SOCK_DGRAM), b = bound(SOCK_DGRAM), c = bound(SOCK_DGRAM);
  struct sockaddr_in an = name_of(a), bn = name_of(b), from;
  socklen_t length = sizeof from;
  char text[16] = "";
  TRY(send(a, "x", 1, 0));
  TRY(sendto(a, "hello", 5, 0, (struct sockaddr *)&bn, sizeof bn));
  TRY(sendto(a, "", 0, 0, (struct sockaddr *)&bn, sizeof bn));
  TRY(sendto(a, "0123456789", 10, 0, (struct sockaddr *)&bn, sizeof bn));
  TRY(sendto(a, "0123456789", 10, 0, (struct sockaddr *)&bn, sizeof bn));
  TRY(recvfrom(b, text, 16, MSG_PEEK, (struct sockaddr *)&from, &length));
  say("length %u from a %d\n", length, from.sin_port == an.sin_port);
  int next = -1;
  TRY(ioctl(b, FIONREAD, &next));
  say("next %d\n", next);
  TRY(recv(b, text, 16, 0));
  say("%.5s\n", text);
  TRY(recv(b, text, 16, 0));
  TRY(recv(b, text, 4, MSG_TRUNC));
  struct iovec v[2] = {{text, 2}, {text + 4, 3}};
  struct msghdr m = {.msg_iov = v, .msg_iovlen = 2, .msg_name = &from, .msg_namelen = sizeof from};
  TRY(recvmsg(b, &m, 0));
  say("flags %#x name %u %.2s %.3s\n", m.msg_flags, m.msg_namelen, text, text + 4);
  TRY(recv(b, text, 16, MSG_DONTWAIT));
  TRY(connect(b, (struct sockaddr *)&an, sizeof an));
  TRY(sendto(c, "stranger", 8, 0, (struct sockaddr *)&bn, sizeof bn));
  TRY(recv(b, text, 16, MSG_DONTWAIT));
  TRY(write(b, "hi", 2));
  TRY(read(a, text, 16));
  TRY(write(b, "", 0));
  TRY(recv(a, text, 16, MSG_DONTWAIT));
  struct sockaddr none = {.sa_family = AF_UNSPEC};
  TRY(connect(b, &none, sizeof none));
  TRY(send(b, "x", 1, 0));
  TRY(getpeername(b, (struct sockaddr *)&from, &length));
  static char large[70000];
  TRY(sendto(a, large, sizeof large, 0, (struct sockaddr *)&bn, sizeof bn));
  TRY(listen(a, 1));
  TRY(accept(a, NULL, NULL));
  TRY(sendto(a, "x", 1, 0, (struct sockaddr *)&bn, 3));
  TRY(sendto(a, BAD, 5, 0, (struct sockaddr *)&bn, sizeof bn));
  TRY(sendto(a, "x", 1, 0, BAD, sizeof bn));
  return 0;
}
