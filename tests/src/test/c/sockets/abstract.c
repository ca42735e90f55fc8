/* Abstract names are no files and vanish with the socket. */
#include "case.h"

int main(void) {
  struct sockaddr_un a = {.sun_family = AF_UNIX}, got;
  snprintf(a.sun_path + 1, 100, "case-%d", getpid());
  socklen_t size = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(a.sun_path + 1), n = sizeof got;
  int l = MUST(socket(AF_UNIX, SOCK_STREAM, 0)), c = MUST(socket(AF_UNIX, SOCK_STREAM, 0));
  TRY(connect(c, (struct sockaddr *)&a, size));
  TRY(bind(l, (struct sockaddr *)&a, size));
  TRY(listen(l, 1));
  TRY(connect(c, (struct sockaddr *)&a, size + 1));
  TRY(connect(c, (struct sockaddr *)&a, size));
  int s = MUST(accept(l, NULL, NULL));
  MUST(getpeername(c, (struct sockaddr *)&got, &n));
  say("same name %d\n", n == size && memcmp(&got, &a, size) == 0);
  close(l);
  close(s);
  TRY(connect(MUST(socket(AF_UNIX, SOCK_STREAM, 0)), (struct sockaddr *)&a, size));
  int u = MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
  TRY(bind(u, (struct sockaddr *)&a, sizeof(sa_family_t)));
  n = sizeof got;
  MUST(getsockname(u, (struct sockaddr *)&got, &n));
  say("automatic name: %u bytes, first %d\n", n, got.sun_path[0]);
  return 0;
}
