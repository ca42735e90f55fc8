/* readv, writev, preadv2 and their limits. */
#include "case.h"

int main(void) {
  scratch();
  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  char a[4] = "", b[8] = "";
  struct iovec w[3] = {{"one", 3}, {NULL, 0}, {"three", 5}}, r[2] = {{a, 3}, {b, 7}};
  TRY(writev(fd, w, 3));
  MUST(lseek(fd, 0, SEEK_SET));
  TRY(readv(fd, r, 2));
  say("%s %s\n", a, b);
  TRY(readv(fd, r, -1));
  TRY(readv(fd, r, 0));
  TRY(readv(fd, r, 1025));
  TRY(readv(fd, BAD, 1));
  r[1].iov_len = (size_t)-1;
  TRY(readv(fd, r, 2));
  w[1] = (struct iovec){BAD, 4};
  TRY(pwritev(fd, w, 3, 100));
  TRY(lseek(fd, 0, SEEK_END));
  r[1].iov_len = 7;
  TRY(preadv(fd, r, 2, 1));
  TRY(preadv2(fd, r, 2, -1, 0));
  TRY(preadv2(fd, r, 2, 0, 0x800));
  TRY(preadv(fd, r, 2, -1));
  return 0;
}
