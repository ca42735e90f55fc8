/* Descriptors travel in messages (SCM_RIGHTS). */
#include "case.h"

static long give(int to, int *fds, int n) {
  char control[CMSG_SPACE(sizeof(int) * 300)] = "";
  struct iovec v = {"x", 1};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control,
                     .msg_controllen = CMSG_SPACE(sizeof(int) * n)};
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = SCM_RIGHTS;
  c->cmsg_len = CMSG_LEN(sizeof(int) * n);
  memcpy(CMSG_DATA(c), fds, sizeof(int) * n);
  return sendmsg(to, &m, MSG_NOSIGNAL);
}

static int take(int from, int *fds, int space, int flags) {
  char control[CMSG_SPACE(sizeof(int) * 300)] = "", text[8];
  struct iovec v = {text, 8};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = space};
  long r = recvmsg(from, &m, flags);
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  int n = c ? (c->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0;
  if (c) memcpy(fds, CMSG_DATA(c), sizeof(int) * n);
  say("  received %ld bytes, %d descriptors, flags %#x\n", r, n, m.msg_flags & ~MSG_CMSG_CLOEXEC);
  return n;
}

int main(void) {
  scratch();
  int s[2], fds[300], got[300];
  MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
  MUST(write_file("f", "contents"));
  fds[0] = MUST(open("f", O_RDONLY));
  MUST(lseek(fds[0], 3, SEEK_SET));
  TRY(give(s[0], fds, 1));
  close(fds[0]);
  take(s[1], got, CMSG_SPACE(sizeof(int) * 4), 0);
  say("position %ld cloexec %d\n", (long)lseek(got[0], 0, SEEK_CUR), fcntl(got[0], F_GETFD));
  fds[0] = fds[1] = got[0];
  TRY(give(s[0], fds, 2));
  take(s[1], got, CMSG_SPACE(sizeof(int) * 4), MSG_CMSG_CLOEXEC);
  say("two differ %d cloexec %d\n", got[0] != got[1], fcntl(got[0], F_GETFD));
  TRY(give(s[0], fds, 2));
  take(s[1], got, CMSG_LEN(sizeof(int)), 0);
  TRY(give(s[0], fds, 2));
  take(s[1], got, 0, 0);
  fds[0] = 9999;
  TRY(give(s[0], fds, 1));
  for (int i = 0; i < 254; i++) fds[i] = 1;
  TRY(give(s[0], fds, 254));
  TRY(give(s[0], fds, 253));
  take(s[1], got, CMSG_SPACE(sizeof(int) * 300), 0);
  fds[0] = s[0];
  TRY(give(s[0], fds, 1));
  close(s[0]);
  close(s[1]);
  return 0;
}
