/* Options of TCP sockets: defaults, setting, lengths, unknown ones, and TCP_INFO. */
#include "inet.h"

static void both(const char *what, int s, int level, int name, int value) {
  say("%s: %d", what, option(s, level, name));
  int r = set_option(s, level, name, value);
  say(" set %s now %d\n", r == 0 ? "ok" : error_name(errno), option(s, level, name));
}

int main(void) {
  int s = MUST(socket(AF_INET, SOCK_STREAM, 0));
  both("nodelay", s, IPPROTO_TCP, TCP_NODELAY, 1);
  both("cork", s, IPPROTO_TCP, TCP_CORK, 1);
  both("keepidle", s, IPPROTO_TCP, TCP_KEEPIDLE, 60);
  both("keepintvl", s, IPPROTO_TCP, TCP_KEEPINTVL, 5);
  both("keepcnt", s, IPPROTO_TCP, TCP_KEEPCNT, 3);
  both("keepcnt", s, IPPROTO_TCP, TCP_KEEPCNT, 0);
  both("syncnt", s, IPPROTO_TCP, TCP_SYNCNT, 2);
  both("linger2", s, IPPROTO_TCP, TCP_LINGER2, 7);
  both("defer", s, IPPROTO_TCP, TCP_DEFER_ACCEPT, 3);
  both("quickack", s, IPPROTO_TCP, TCP_QUICKACK, 0);
  both("user timeout", s, IPPROTO_TCP, TCP_USER_TIMEOUT, 1000);
  both("fastopen connect", s, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 0);
  both("notsent", s, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 1000);
  both("reuseaddr", s, SOL_SOCKET, SO_REUSEADDR, 5);
  both("reuseport", s, SOL_SOCKET, SO_REUSEPORT, 1);
  both("keepalive", s, SOL_SOCKET, SO_KEEPALIVE, 1);
  both("broadcast", s, SOL_SOCKET, SO_BROADCAST, 1);
  both("oobinline", s, SOL_SOCKET, SO_OOBINLINE, 1);
  both("dontroute", s, SOL_SOCKET, SO_DONTROUTE, 1);
  both("priority", s, SOL_SOCKET, SO_PRIORITY, 3);
  both("rcvlowat", s, SOL_SOCKET, SO_RCVLOWAT, 9);
  both("sndlowat", s, SOL_SOCKET, SO_SNDLOWAT, 9);
  both("rcvbuf", s, SOL_SOCKET, SO_RCVBUF, 50000);
  both("sndbuf", s, SOL_SOCKET, SO_SNDBUF, 50000);
  both("type", s, SOL_SOCKET, SO_TYPE, 1);
  both("domain", s, SOL_SOCKET, SO_DOMAIN, 1);
  both("protocol", s, SOL_SOCKET, SO_PROTOCOL, 1);
  both("acceptconn", s, SOL_SOCKET, SO_ACCEPTCONN, 1);
  both("tos", s, IPPROTO_IP, IP_TOS, 0x10);
  both("ttl", s, IPPROTO_IP, IP_TTL, 33);
  both("ttl", s, IPPROTO_IP, IP_TTL, 0);
  both("recvttl", s, IPPROTO_IP, IP_RECVTTL, 1);
  both("unknown", s, IPPROTO_TCP, 999, 1);
  both("unknown", s, SOL_SOCKET, 999, 1);
  struct linger l = {1, 30};
  socklen_t length = sizeof l;
  TRY(setsockopt(s, SOL_SOCKET, SO_LINGER, &l, sizeof l));
  l = (struct linger){0, 0};
  TRY(getsockopt(s, SOL_SOCKET, SO_LINGER, &l, &length));
  say("linger %d %d length %u\n", l.l_onoff, l.l_linger, length);
  TRY(setsockopt(s, SOL_SOCKET, SO_LINGER, &l, 4));
  TRY(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &l, 2));
  TRY(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, BAD, 4));
  TRY(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &l, 1));
  unsigned char small = 9;
  TRY(setsockopt(s, IPPROTO_IP, IP_TTL, &small, 1));
  length = 1;
  TRY(getsockopt(s, IPPROTO_IP, IP_TTL, &small, &length));
  say("ttl %d length %u\n", small, length);
  char name[16] = "";
  length = sizeof name;
  TRY(setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "reno", 4));
  TRY(getsockopt(s, IPPROTO_TCP, TCP_CONGESTION, name, &length));
  say("%s\n", name);
  TRY(setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "no-such-one", 11));
  struct timeval t = {1, 500000};
  TRY(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
  t.tv_sec = 0;
  length = sizeof t;
  TRY(getsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, &length));
  say("timeout %ld.%06ld length %u\n", (long)t.tv_sec, (long)t.tv_usec, length);
  int p[2];
  tcp_pair(p);
  struct tcp_info info = {0};
  length = sizeof info;
  TRY(getsockopt(p[0], IPPROTO_TCP, TCP_INFO, &info, &length));
  say("length %u state %d retransmits %d options %#x\n", length, info.tcpi_state,
      info.tcpi_retransmits, info.tcpi_options & TCPI_OPT_TIMESTAMPS);
  length = 1;
  TRY(getsockopt(p[0], IPPROTO_TCP, TCP_INFO, &info, &length));
  say("length %u\n", length);
  length = -1;
  TRY(getsockopt(p[0], SOL_SOCKET, SO_TYPE, &info, &length));
  return 0;
}
