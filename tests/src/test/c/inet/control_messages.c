/* Ancillary data: IP_PKTINFO, TTL, TOS and their IPv6 kin, on both sides. */
#include "inet.h"

static void say_control(int fd, int room) {
  char data[64], control[512];
  struct iovec v = {data, sizeof data};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = room};
  long n = recvmsg(fd, &m, 0);
  say("%ld flags %#x control %zu\n", n, m.msg_flags, (size_t)m.msg_controllen);
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
    int first = 0;
    memcpy(&first, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0) < 4 ? c->cmsg_len - CMSG_LEN(0) : 4);
    int timestamp = c->cmsg_level == SOL_SOCKET;
    say("  level %d type %d length %zu first %#x\n", c->cmsg_level, c->cmsg_type,
        (size_t)c->cmsg_len, timestamp ? 0 : first);
  }
}

static long send_with(int fd, int level, int type, const void *value, int size) {
  char control[128] = "";
  struct iovec v = {"data", 4};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control,
                     .msg_controllen = CMSG_SPACE(size)};
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  c->cmsg_level = level;
  c->cmsg_type = type;
  c->cmsg_len = CMSG_LEN(size);
  memcpy(CMSG_DATA(c), value, size);
  return sendmsg(fd, &m, 0);
}

int main(void) {
  int s[2];
  udp_pair(s);
  MUST(set_option(s[1], IPPROTO_IP, IP_PKTINFO, 1));
  MUST(set_option(s[1], IPPROTO_IP, IP_RECVTTL, 1));
  MUST(set_option(s[1], IPPROTO_IP, IP_RECVTOS, 1));
  MUST(set_option(s[1], SOL_SOCKET, SO_TIMESTAMP, 1));
  MUST(send(s[0], "plain", 5, 0));
  say_control(s[1], 512);
  int ttl = 7, tos = 0x20;
  TRY(send_with(s[0], IPPROTO_IP, IP_TTL, &ttl, 4));
  say_control(s[1], 512);
  TRY(send_with(s[0], IPPROTO_IP, IP_TOS, &tos, 4));
  say_control(s[1], 512);
  struct in_pktinfo info = {.ipi_ifindex = 1};
  TRY(send_with(s[0], IPPROTO_IP, IP_PKTINFO, &info, sizeof info));
  say_control(s[1], 40);
  TRY(send_with(s[0], IPPROTO_IP, IP_TTL, &ttl, 2));
  TRY(send_with(s[0], IPPROTO_IP, 99, &ttl, 4));
  TRY(send_with(s[0], SOL_SOCKET, 99, &ttl, 4));
  int zero = 0;
  TRY(send_with(s[0], IPPROTO_IP, IP_TTL, &zero, 4));
  TRY(send_with(s[0], SOL_SOCKET, SCM_RIGHTS, &zero, 4));
  int six[2] = {MUST(socket(AF_INET6, SOCK_DGRAM, 0)), MUST(socket(AF_INET6, SOCK_DGRAM, 0))};
  struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  MUST(bind(six[1], (struct sockaddr *)&a, sizeof a));
  socklen_t length = sizeof a;
  MUST(getsockname(six[1], (struct sockaddr *)&a, &length));
  MUST(connect(six[0], (struct sockaddr *)&a, sizeof a));
  MUST(set_option(six[1], IPPROTO_IPV6, IPV6_RECVPKTINFO, 1));
  MUST(set_option(six[1], IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1));
  MUST(set_option(six[1], IPPROTO_IPV6, IPV6_RECVTCLASS, 1));
  TRY(send_with(six[0], IPPROTO_IPV6, IPV6_HOPLIMIT, &ttl, 4));
  say_control(six[1], 512);
  TRY(send_with(six[0], IPPROTO_IPV6, IPV6_TCLASS, &tos, 4));
  say_control(six[1], 512);
  return 0;
}
