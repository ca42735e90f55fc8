/* rtnetlink(7): framing, dumps, errors, refusals. */
#include "inet.h"

static int s;

static void say_replies(const char *what) {
  char buffer[16384];
  for (int more = 1; more;) {
    long n = recv(s, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n < 0) {
      say("%s: %s\n", what, error_name(errno));
      return;
    }
    for (struct nlmsghdr *h = (void *)buffer; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
      int error = h->nlmsg_type == NLMSG_ERROR ? ((struct nlmsgerr *)NLMSG_DATA(h))->error : 0;
      say("%s: type %d flags %#x seq %u mine %d error %s\n", what, h->nlmsg_type,
          h->nlmsg_flags & ~0x20, h->nlmsg_seq, h->nlmsg_pid == (unsigned)getpid(),
          error ? error_name(-error) : "none");
      more = h->nlmsg_flags & NLM_F_MULTI && h->nlmsg_type != NLMSG_DONE;
    }
  }
}

static long ask(int type, int flags, int seq, const void *body, int size) {
  static char message[256];
  memset(message, 0, sizeof message);
  struct nlmsghdr *h = (void *)message;
  h->nlmsg_len = NLMSG_LENGTH(size);
  h->nlmsg_type = type;
  h->nlmsg_flags = flags;
  h->nlmsg_seq = seq;
  memcpy(NLMSG_DATA(h), body, size);
  return send(s, message, h->nlmsg_len, 0);
}

int main(void) {
  s = MUST(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  struct sockaddr_nl a = {.nl_family = AF_NETLINK}, name = {0};
  TRY(bind(s, (struct sockaddr *)&a, sizeof a));
  socklen_t length = sizeof name;
  TRY(getsockname(s, (struct sockaddr *)&name, &length));
  say("length %u port is the pid %d groups %u\n", length, name.nl_pid == (unsigned)getpid(), name.nl_groups);
  struct rtgenmsg any = {AF_UNSPEC};
  TRY(ask(RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, 11, &any, sizeof any));
  say_replies("addresses");
  struct ifinfomsg link = {.ifi_index = 1};
  TRY(ask(RTM_GETLINK, NLM_F_REQUEST, 12, &link, sizeof link));
  say_replies("link");
  link.ifi_index = 999;
  TRY(ask(RTM_GETLINK, NLM_F_REQUEST, 13, &link, sizeof link));
  say_replies("no link");
  TRY(ask(RTM_GETLINK, NLM_F_REQUEST | NLM_F_ACK, 14, &(struct ifinfomsg){.ifi_index = 1}, sizeof link));
  say_replies("with ack");
  TRY(ask(500, NLM_F_REQUEST, 15, &link, sizeof link));
  say_replies("no such type");
  TRY(ask(NLMSG_NOOP, NLM_F_REQUEST | NLM_F_ACK, 16, &link, sizeof link));
  say_replies("nothing");
  TRY(ask(RTM_GETLINK, 0, 17, &link, sizeof link));
  say_replies("no request");
  TRY(send(s, "short", 5, 0));
  say_replies("short");
  struct sockaddr_nl from;
  char buffer[8192];
  TRY(ask(RTM_GETROUTE, NLM_F_REQUEST | NLM_F_DUMP, 18, &(struct rtmsg){.rtm_family = AF_INET}, sizeof(struct rtmsg)));
  struct iovec v = {buffer, 0};
  struct msghdr m = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &v, .msg_iovlen = 1};
  long whole = recvmsg(s, &m, MSG_PEEK | MSG_TRUNC);
  say("peeked some %d flags %#x from %u/%u\n", whole > 0, m.msg_flags, from.nl_pid, from.nl_groups);
  say_replies("routes");
  int t = MUST(socket(AF_NETLINK, SOCK_DGRAM, NETLINK_ROUTE));
  a.nl_pid = getpid();
  TRY(bind(t, (struct sockaddr *)&a, sizeof a));
  a.nl_pid = 0;
  TRY(connect(t, (struct sockaddr *)&a, sizeof a));
  TRY(bind(t, (struct sockaddr *)&a, 4));
  a.nl_family = AF_INET;
  TRY(bind(s, (struct sockaddr *)&a, sizeof a));
  TRY(listen(t, 1));
  TRY(socket(AF_NETLINK, SOCK_STREAM, NETLINK_ROUTE));
  TRY(socket(AF_NETLINK, SOCK_RAW, 99));
  TRY(set_option(s, SOL_NETLINK, NETLINK_EXT_ACK, 1));
  TRY(set_option(s, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, RTNLGRP_LINK));
  TRY(getsockname(s, (struct sockaddr *)&name, &length));
  say("groups %u\n", name.nl_groups);
  say("type %d domain %d protocol %d\n", option(t, SOL_SOCKET, SO_TYPE), option(t, SOL_SOCKET, SO_DOMAIN), option(t, SOL_SOCKET, SO_PROTOCOL));
  MUST(set_option(s, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, RTNLGRP_LINK));
  become(1000, 1000);
  struct ifinfomsg up = {.ifi_index = 1, .ifi_flags = 0, .ifi_change = IFF_UP};
  TRY(ask(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 19, &up, sizeof up));
  say_replies("change");
  TRY(ask(RTM_DELADDR, NLM_F_REQUEST, 20, &(struct ifaddrmsg){.ifa_family = AF_INET}, sizeof(struct ifaddrmsg)));
  say_replies("removal");
  return 0;
}
