/* Options of UDP sockets of both families, and membership in groups. */
#include "inet.h"

static void both(const char *what, int s, int level, int name, int value) {
  say("%s: %d", what, option(s, level, name));
  int r = set_option(s, level, name, value);
  say(" set %s now %d\n", r == 0 ? "ok" : error_name(errno), option(s, level, name));
}

int main(void) {
  int s = MUST(socket(AF_INET, SOCK_DGRAM, 0));
  both("multicast ttl", s, IPPROTO_IP, IP_MULTICAST_TTL, 4);
  both("multicast loop", s, IPPROTO_IP, IP_MULTICAST_LOOP, 0);
  both("multicast all", s, IPPROTO_IP, IP_MULTICAST_ALL, 0);
  both("pktinfo", s, IPPROTO_IP, IP_PKTINFO, 1);
  both("recverr", s, IPPROTO_IP, IP_RECVERR, 1);
  both("mtu discover", s, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
  both("freebind", s, IPPROTO_IP, IP_FREEBIND, 1);
  both("udp cork", s, IPPROTO_UDP, UDP_CORK, 0);
  both("timestamp", s, SOL_SOCKET, SO_TIMESTAMP, 1);
  both("nodelay of udp", s, IPPROTO_TCP, TCP_NODELAY, 1);
  both("ipv6 option of ipv4", s, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  struct ip_mreqn group = {.imr_ifindex = 1};
  group.imr_multiaddr.s_addr = htonl(0xe0000101);
  TRY(setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group));
  TRY(setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group));
  TRY(setsockopt(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, &group, sizeof group));
  TRY(setsockopt(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, &group, sizeof group));
  TRY(setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, 2));
  TRY(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
  char device[16] = "";
  socklen_t length = sizeof device;
  TRY(getsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, device, &length));
  say("%s %u\n", device, length);
  TRY(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "none", 5));
  int s6 = MUST(socket(AF_INET6, SOCK_DGRAM, 0));
  both("v6only", s6, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  both("hops", s6, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 12);
  both("multicast hops", s6, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 3);
  both("tclass", s6, IPPROTO_IPV6, IPV6_TCLASS, 8);
  both("recvpktinfo", s6, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  both("recvhoplimit", s6, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
  both("dontfrag", s6, IPPROTO_IPV6, IPV6_DONTFRAG, 1);
  struct ipv6_mreq join = {.ipv6mr_interface = 1};
  inet_pton(AF_INET6, "ff01::5", &join.ipv6mr_multiaddr);
  TRY(setsockopt(s6, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &join, sizeof join));
  TRY(setsockopt(s6, IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP, &join, sizeof join));
  return 0;
}
