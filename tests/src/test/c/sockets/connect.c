/* bind, listen, connect, accept: names and errors. */
#include "case.h"

static struct sockaddr_un name(const char *path) {
  struct sockaddr_un a = {.sun_family = AF_UNIX};
  strcpy(a.sun_path, path);
  return a;
}

int main(void) {
  scratch();
  struct sockaddr_un a = name("socket"), got;
  struct sockaddr *at = (struct sockaddr *)&a;
  socklen_t size = sizeof got;
  int l = MUST(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0)), c = MUST(socket(AF_UNIX, SOCK_STREAM, 0));
  TRY(connect(c, at, sizeof a));
  TRY(listen(l, 5));
  TRY(bind(l, at, sizeof a));
  TRY(bind(l, at, sizeof a));
  int other = MUST(socket(AF_UNIX, SOCK_STREAM, 0));
  TRY(bind(other, at, sizeof a));
  TRY(connect(c, at, sizeof a));
  TRY(accept(l, NULL, NULL));
  TRY(listen(l, 1));
  TRY(accept(l, NULL, NULL));
  TRY(connect(c, at, sizeof a));
  TRY(connect(c, at, sizeof a));
  int s = accept4(l, (struct sockaddr *)&got, &size, SOCK_CLOEXEC);
  say("accepted %d, address %u bytes\n", s >= 0, size);
  size = sizeof got;
  TRY(getpeername(c, (struct sockaddr *)&got, &size));
  say("peer %s\n", got.sun_path);
  size = sizeof got;
  TRY(getsockname(c, (struct sockaddr *)&got, &size));
  say("own %u\n", size);
  TRY(getpeername(l, (struct sockaddr *)&got, &size));
  TRY(write(c, "x", 1));
  char x;
  TRY(read(s, &x, 1));
  struct ucred cred;
  size = sizeof cred;
  TRY(getsockopt(s, SOL_SOCKET, SO_PEERCRED, &cred, &size));
  say("peer is me %d uid %d\n", cred.pid == getpid(), cred.uid);
  close(l);
  int d = MUST(socket(AF_UNIX, SOCK_STREAM, 0));
  TRY(connect(d, at, sizeof a));
  a = name("missing");
  TRY(connect(d, at, sizeof a));
  a = name("socket");
  a.sun_family = 99;
  TRY(connect(d, at, sizeof a));
  TRY(connect(d, at, 1));
  TRY(connect(d, at, 200));
  struct stat st;
  MUST(stat("socket", &st));
  say("%o\n", st.st_mode);
  MUST(unlink("socket"));
  int value = 7;
  size = sizeof value;
  TRY(getsockopt(d, SOL_SOCKET, SO_TYPE, &value, &size));
  say("%d\n", value);
  TRY(getsockopt(d, SOL_SOCKET, SO_DOMAIN, &value, &size));
  say("%d\n", value);
  TRY(getsockopt(d, SOL_SOCKET, SO_ACCEPTCONN, &value, &size));
  TRY(getsockopt(d, SOL_SOCKET, 9999, &value, &size));
  TRY(setsockopt(d, SOL_SOCKET, SO_SNDBUF, &value, 1));
  return 0;
}
