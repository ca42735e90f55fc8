/* bind(2): in use, SO_REUSEADDR, SO_REUSEPORT, privileged ports, addresses that are not ours. */
#include "inet.h"

static void unprivileged(void) {
  become(1000, 1000);
  int s = MUST(socket(AF_INET, SOCK_STREAM, 0));
  struct sockaddr_in a = loopback(80);
  TRY(bind(s, (struct sockaddr *)&a, sizeof a));
  a = loopback(0);
  TRY(bind(s, (struct sockaddr *)&a, sizeof a));
  TRY(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
  TRY(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP));
  TRY(set_option(s, SOL_SOCKET, SO_MARK, 7));
  TRY(set_option(s, SOL_SOCKET, SO_PRIORITY, 6));
  TRY(set_option(s, SOL_SOCKET, SO_PRIORITY, 7));
  TRY(set_option(s, SOL_SOCKET, SO_DEBUG, 1));
  TRY(set_option(s, SOL_SOCKET, SO_RCVBUFFORCE, 1 << 20));
  TRY(set_option(s, IPPROTO_IP, IP_TRANSPARENT, 1));
}

int main(void) {
  int server = listener();
  struct sockaddr_in a = name_of(server);
  int s = MUST(socket(AF_INET, SOCK_STREAM, 0));
  TRY(bind(s, (struct sockaddr *)&a, sizeof a));
  TRY(set_option(s, SOL_SOCKET, SO_REUSEADDR, 1));
  TRY(bind(s, (struct sockaddr *)&a, sizeof a));
  int c = connect_to(server);
  int accepted = MUST(accept(server, NULL, NULL));
  close(server);
  TRY(bind(s, (struct sockaddr *)&a, sizeof a));
  close(accepted);
  close(c);
  int first = MUST(socket(AF_INET, SOCK_STREAM, 0)), second = MUST(socket(AF_INET, SOCK_STREAM, 0));
  TRY(set_option(first, SOL_SOCKET, SO_REUSEPORT, 1));
  a = loopback(0);
  TRY(bind(first, (struct sockaddr *)&a, sizeof a));
  TRY(listen(first, 5));
  a = name_of(first);
  TRY(bind(second, (struct sockaddr *)&a, sizeof a));
  TRY(set_option(second, SOL_SOCKET, SO_REUSEPORT, 1));
  TRY(bind(second, (struct sockaddr *)&a, sizeof a));
  TRY(listen(second, 5));
  TRY(bind(second, (struct sockaddr *)&a, sizeof a));
  s = MUST(socket(AF_INET, SOCK_STREAM, 0));
  a.sin_addr.s_addr = htonl(0x08080808);
  a.sin_port = 0;
  TRY(bind(s, (struct sockaddr *)&a, sizeof a));
  TRY(bind(s, (struct sockaddr *)&a, 3));
  TRY(bind(s, BAD, sizeof a));
  a = loopback(80);
  TRY(bind(s, (struct sockaddr *)&a, sizeof a));
  TRY(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
  TRY(socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP));
  TRY(socket(AF_INET, SOCK_STREAM, -1));
  TRY(socket(AF_INET, SOCK_STREAM, 300));
  TRY(socket(AF_INET, SOCK_RAW, 0));
  TRY(socket(AF_INET, 9, 0));
  TRY(socket(AF_INET, 12, 0));
  int pair[2];
  TRY(socketpair(AF_INET, SOCK_STREAM, 0, pair));
  in_child("unprivileged", unprivileged);
  return 0;
}
