/* What the cases of the Internet protocols share. They run in a network namespace that has only a loopback interface. */
#ifndef INET_H
#define INET_H

#include "case.h"
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/errqueue.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>

#ifndef TCP_USER_TIMEOUT
#define TCP_USER_TIMEOUT 18
#endif

__attribute__((unused)) static struct sockaddr_in loopback(int port) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return a;
}

__attribute__((unused)) static struct sockaddr_in name_of(int fd) {
  struct sockaddr_in a = {0};
  socklen_t length = sizeof a;
  MUST(getsockname(fd, (struct sockaddr *)&a, &length));
  return a;
}

/* A socket bound to a port of the kernel's choice. */
__attribute__((unused)) static int bound(int type) {
  int s = MUST(socket(AF_INET, type, 0));
  struct sockaddr_in a = loopback(0);
  MUST(bind(s, (struct sockaddr *)&a, sizeof a));
  return s;
}

__attribute__((unused)) static int listener(void) {
  int s = bound(SOCK_STREAM);
  MUST(listen(s, 8));
  return s;
}

__attribute__((unused)) static int connect_to(int server) {
  struct sockaddr_in a = name_of(server);
  int s = MUST(socket(AF_INET, SOCK_STREAM, 0));
  MUST(connect(s, (struct sockaddr *)&a, sizeof a));
  return s;
}

/* Two connected TCP sockets. */
__attribute__((unused)) static void tcp_pair(int pair[2]) {
  int server = listener();
  pair[0] = connect_to(server);
  pair[1] = MUST(accept(server, NULL, NULL));
  close(server);
}

/* Two connected UDP sockets. */
__attribute__((unused)) static void udp_pair(int pair[2]) {
  pair[0] = bound(SOCK_DGRAM);
  pair[1] = bound(SOCK_DGRAM);
  struct sockaddr_in a = name_of(pair[0]), b = name_of(pair[1]);
  MUST(connect(pair[0], (struct sockaddr *)&b, sizeof b));
  MUST(connect(pair[1], (struct sockaddr *)&a, sizeof a));
}

/* Prints the events of a descriptor once all of the wanted ones hold, or after two seconds. */
__attribute__((unused)) static void say_poll(const char *what, int fd, int wanted) {
  struct pollfd p = {fd, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0};
  for (int i = 0; i < 400; i++) {
    MUST(poll(&p, 1, 0));
    if ((p.revents & wanted) == wanted) break;
    pause_ms(5);
  }
  say("%s: %#x\n", what, p.revents);
}

/* Waits until so many bytes can be read. */
__attribute__((unused)) static void until_readable(int fd, int bytes) {
  for (int i = 0; i < 400; i++) {
    int n = 0;
    MUST(ioctl(fd, FIONREAD, &n));
    if (n >= bytes) return;
    pause_ms(5);
  }
}

__attribute__((unused)) static int option(int fd, int level, int name) {
  int value = -1;
  socklen_t length = sizeof value;
  if (getsockopt(fd, level, name, &value, &length) != 0) return -errno;
  return value;
}

__attribute__((unused)) static int set_option(int fd, int level, int name, int value) {
  return setsockopt(fd, level, name, &value, sizeof value);
}

#endif
