/* eventfd: counting, semaphores, limits. */
#include "case.h"

int main(void) {
  int fd = MUST(eventfd(3, EFD_NONBLOCK));
  uint64_t n = 0;
  TRY(read(fd, &n, 8));
  say("%lu\n", n);
  TRY(read(fd, &n, 8));
  n = 5;
  TRY(write(fd, &n, 8));
  TRY(write(fd, &n, 8));
  TRY(read(fd, &n, 8));
  say("%lu\n", n);
  n = ~0ull;
  TRY(write(fd, &n, 8));
  n = ~0ull - 1;
  TRY(write(fd, &n, 8));
  n = 1;
  TRY(write(fd, &n, 8));
  struct pollfd p = {fd, POLLIN | POLLOUT, 0};
  TRY(poll(&p, 1, 0));
  say("%#x\n", p.revents);
  TRY(read(fd, &n, 4));
  TRY(write(fd, &n, 4));
  int s = MUST(eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK));
  for (int i = 0; i < 3; i++) TRY(read(s, &n, 8));
  say("%lu\n", n);
  TRY(eventfd(0, 8));
  TRY(lseek(fd, 0, SEEK_SET));
  return 0;
}
