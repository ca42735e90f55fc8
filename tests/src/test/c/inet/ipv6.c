/* TCP and UDP over IPv6, and IPv4 through IPv6 sockets. */
#include "inet.h"

static struct sockaddr_in6 name6(int fd) {
  struct sockaddr_in6 a = {0};
  socklen_t length = sizeof a;
  MUST(getsockname(fd, (struct sockaddr *)&a, &length));
  return a;
}

static void say_address(const char *what, struct sockaddr_in6 *a, socklen_t length) {
  char text[64] = "";
  inet_ntop(AF_INET6, &a->sin6_addr, text, sizeof text);
  say("%s: family %d length %u %s scope %u\n", what, a->sin6_family, length, text, a->sin6_scope_id);
}

int main(void) {
  int server = MUST(socket(AF_INET6, SOCK_STREAM, 0));
  struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT}, from;
  TRY(bind(server, (struct sockaddr *)&a, sizeof a));
  TRY(listen(server, 1));
  a = name6(server);
  int c = MUST(socket(AF_INET6, SOCK_STREAM, 0));
  TRY(connect(c, (struct sockaddr *)&a, sizeof a));
  socklen_t length = sizeof from;
  int s = MUST(accept(server, (struct sockaddr *)&from, &length));
  say_address("peer", &from, length);
  char text[8] = "";
  TRY(send(c, "six", 3, 0));
  TRY(recv(s, text, 8, 0));
  length = 5;
  memset(&from, 0, sizeof from);
  TRY(getpeername(s, (struct sockaddr *)&from, &length));
  say("cut: length %u family %d\n", length, from.sin6_family);
  int any = MUST(socket(AF_INET6, SOCK_DGRAM, 0));
  struct sockaddr_in6 wild = {.sin6_family = AF_INET6};
  TRY(bind(any, (struct sockaddr *)&wild, sizeof wild));
  struct sockaddr_in four = loopback(0);
  four.sin_port = name6(any).sin6_port;
  int u = bound(SOCK_DGRAM);
  TRY(sendto(u, "four", 4, 0, (struct sockaddr *)&four, sizeof four));
  length = sizeof from;
  TRY(recvfrom(any, text, 8, 0, (struct sockaddr *)&from, &length));
  say_address("mapped", &from, length);
  int only = MUST(socket(AF_INET6, SOCK_STREAM, 0));
  TRY(set_option(only, IPPROTO_IPV6, IPV6_V6ONLY, 1));
  TRY(bind(only, (struct sockaddr *)&wild, sizeof wild));
  TRY(listen(only, 1));
  four.sin_port = name6(only).sin6_port;
  int refused = MUST(socket(AF_INET, SOCK_STREAM, 0));
  TRY(connect(refused, (struct sockaddr *)&four, sizeof four));
  TRY(bind(refused, (struct sockaddr *)&wild, sizeof wild));
  struct sockaddr_in6 far = {.sin6_family = AF_INET6, .sin6_port = htons(9)};
  inet_pton(AF_INET6, "2001:db8::1", &far.sin6_addr);
  int lost = MUST(socket(AF_INET6, SOCK_STREAM, 0));
  TRY(connect(lost, (struct sockaddr *)&far, sizeof far));
  return 0;
}
