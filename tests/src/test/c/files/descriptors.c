/* dup, dup2, dup3, fcntl, close_range. */
#include "case.h"

int main(void) {
  int fd = MUST(open("/dev/null", O_RDWR | O_CLOEXEC));
  int base = fd;
  say("cloexec %d\n", fcntl(fd, F_GETFD));
  int copy = dup(fd);
  say("lowest %d, cloexec %d\n", copy - base, fcntl(copy, F_GETFD));
  TRY(dup2(fd, fd) - base);
  TRY(dup2(fd, 70));
  TRY(dup3(fd, 71, O_CLOEXEC));
  TRY(fcntl(71, F_GETFD));
  TRY(dup3(fd, fd, 0));
  TRY(dup3(fd, 72, O_NONBLOCK));
  TRY(dup2(99, 70));
  TRY(dup2(fd, -1));
  TRY(dup2(99, 99));
  TRY(fcntl(fd, F_DUPFD, 70));
  TRY(fcntl(fd, F_DUPFD_CLOEXEC, 80));
  TRY(fcntl(80, F_GETFD));
  TRY(fcntl(fd, F_DUPFD, -1));
  TRY(fcntl(80, F_SETFD, 0));
  TRY(fcntl(80, F_GETFD));
  TRY(fcntl(fd, 9999));
  TRY(fcntl(99, F_GETFD));
  TRY(close_range(70, 75, CLOSE_RANGE_CLOEXEC));
  TRY(fcntl(70, F_GETFD));
  TRY(close_range(70, 90, 0));
  TRY(fcntl(70, F_GETFD));
  TRY(close_range(9, 8, 0));
  TRY(close_range(0, 0, 0x80));
  TRY(close_range(100, ~0u, CLOSE_RANGE_UNSHARE));
  TRY(fcntl(fd, F_SETFL, O_NONBLOCK | O_APPEND));
  say("%#o\n", fcntl(fd, F_GETFL) & (O_NONBLOCK | O_APPEND | O_ACCMODE));
  TRY(close(fd));
  TRY(close(fd));
  return 0;
}
