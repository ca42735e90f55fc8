/* A port that nobody has: ECONNREFUSED on a connected socket, and the queue of errors. */
#include "inet.h"

int main(void) {
  int gone = bound(SOCK_DGRAM);
  struct sockaddr_in a = name_of(gone);
  close(gone);
  int s = bound(SOCK_DGRAM);
  TRY(set_option(s, IPPROTO_IP, IP_RECVERR, 1));
  TRY(connect(s, (struct sockaddr *)&a, sizeof a));
  TRY(send(s, "x", 1, 0));
  say_poll("refused", s, POLLERR);
  char data[16], control[256];
  struct sockaddr_in to = {0};
  struct iovec v = {data, sizeof data};
  struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &v, .msg_iovlen = 1,
                     .msg_control = control, .msg_controllen = sizeof control};
  TRY(recvmsg(s, &m, MSG_ERRQUEUE));
  say("flags %#x port %d\n", m.msg_flags, to.sin_port == a.sin_port);
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
    struct sock_extended_err *e = (void *)CMSG_DATA(c);
    say("level %d type %d length %zu errno %s origin %d icmp %d/%d\n", c->cmsg_level, c->cmsg_type,
        (size_t)c->cmsg_len, error_name(e->ee_errno), e->ee_origin, e->ee_type, e->ee_code);
  }
  TRY(recvmsg(s, &m, MSG_ERRQUEUE));
  TRY(send(s, "x", 1, 0));
  TRY(send(s, "x", 1, 0));
  say("pending %s\n", error_name(option(s, SOL_SOCKET, SO_ERROR)));
  say("pending %d\n", option(s, SOL_SOCKET, SO_ERROR));
  return 0;
}
