/* SO_PASSCRED and SCM_CREDENTIALS. */
#include "case.h"

static int s[2];

static long give(pid_t pid, uid_t uid) {
  char control[CMSG_SPACE(sizeof(struct ucred))] = "";
  struct iovec v = {"x", 1};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = SCM_CREDENTIALS;
  c->cmsg_len = CMSG_LEN(sizeof(struct ucred));
  struct ucred cred = {pid, uid, getgid()};
  memcpy(CMSG_DATA(c), &cred, sizeof cred);
  return sendmsg(s[0], &m, 0);
}

static void take(pid_t expected) {
  char control[CMSG_SPACE(sizeof(struct ucred))] = "", text[8];
  struct iovec v = {text, 1};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  MUST(recvmsg(s[1], &m, MSG_DONTWAIT));
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  struct ucred cred;
  if (!c) {
    say("no control message\n");
    return;
  }
  memcpy(&cred, CMSG_DATA(c), sizeof cred);
  say("type %d pid %d uid %d gid %d\n", c->cmsg_type, cred.pid == expected, cred.uid, cred.gid);
}

int main(void) {
  MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
  MUST(write(s[0], "x", 1));
  take(0);
  int on = 1;
  TRY(setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on));
  MUST(write(s[0], "x", 1));
  take(getpid());
  TRY(give(getpid(), 1234));
  take(getpid());
  pid_t pid = MUST(fork());
  if (pid == 0) {
    become(1000, 1000);
    TRY(give(getpid(), 1000));
    TRY(give(getpid(), 0));
    TRY(give(getppid(), 1000));
    _exit(0);
  }
  reap("child", pid);
  take(pid);
  return 0;
}
