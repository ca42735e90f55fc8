/* SIGPIPE when the other side is gone, and how to do without. */
#include "inet.h"

static volatile int pipes;

static void count(int signal) { pipes++; }

int main(void) {
  MUST(install(SIGPIPE, count, 0));
  int s[2];
  tcp_pair(s);
  MUST(shutdown(s[0], SHUT_WR));
  TRY(send(s[0], "x", 1, 0));
  say("signals %d\n", pipes);
  TRY(send(s[0], "x", 1, MSG_NOSIGNAL));
  say("signals %d\n", pipes);
  TRY(write(s[0], "x", 1));
  say("signals %d\n", pipes);
  struct iovec v = {"x", 1};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
  TRY(sendmsg(s[0], &m, MSG_NOSIGNAL));
  TRY(sendmsg(s[0], &m, 0));
  say("signals %d\n", pipes);
  return 0;
}
