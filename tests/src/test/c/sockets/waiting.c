/* Sockets in poll, timeouts, interrupted and non-blocking operation. */
#include "case.h"

int main(void) {
  int s[2];
  char c;
  MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
  struct timeval t = {0, 20000};
  TRY(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
  TRY(recv(s[0], &c, 1, 0));
  struct pollfd p = {s[0], POLLIN | POLLOUT, 0};
  TRY(poll(&p, 1, 0));
  say("%#x\n", p.revents);
  MUST(write(s[1], "x", 1));
  TRY(poll(&p, 1, 0));
  say("%#x\n", p.revents);
  MUST(fcntl(s[1], F_SETFL, O_NONBLOCK));
  static char big[1 << 20];
  say("filled %d\n", write(s[1], big, sizeof big) > 1000);
  while (write(s[1], big, sizeof big) > 0) continue;
  say("%s\n", error_name(errno));
  p.fd = s[1];
  TRY(poll(&p, 1, 0));
  int n;
  TRY(ioctl(s[0], FIONREAD, &n));
  say("%d\n", n > 1000);
  MUST(shutdown(s[1], SHUT_RDWR));
  TRY(poll(&p, 1, 0));
  say("%#x\n", p.revents);
  return 0;
}
