/* timerfd: expirations, poll, absolute times, errors. */
#include "case.h"

int main(void) {
  int fd = MUST(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  uint64_t n = 0;
  TRY(read(fd, &n, 8));
  struct itimerspec s = {{0, 0}, {0, 20000000}}, old;
  TRY(timerfd_settime(fd, 0, &s, NULL));
  struct pollfd p = {fd, POLLIN, 0};
  TRY(poll(&p, 1, 0));
  TRY(poll(&p, 1, 5000));
  TRY(read(fd, &n, 8));
  say("expired %lu\n", n);
  TRY(read(fd, &n, 8));
  s.it_interval.tv_nsec = 1000000;
  s.it_value.tv_nsec = 1000000;
  TRY(timerfd_settime(fd, 0, &s, NULL));
  pause_ms(30);
  TRY(read(fd, &n, 8));
  say("several %d\n", n >= 10);
  TRY(read(fd, &n, 4));
  TRY(timerfd_gettime(fd, &old));
  say("interval %ld\n", old.it_interval.tv_nsec);
  s.it_value = (struct timespec){1, 0};
  TRY(timerfd_settime(fd, TFD_TIMER_ABSTIME, &s, NULL));
  pause_ms(5);
  say("past times expire at once: %d\n", read(fd, &n, 8) == 8 && n > 1);
  TRY(timerfd_settime(fd, 0x80, &s, NULL));
  s.it_value.tv_nsec = 1000000000;
  TRY(timerfd_settime(fd, 0, &s, NULL));
  TRY(timerfd_settime(0, 0, &old, NULL));
  TRY(timerfd_create(99, 0));
  TRY(timerfd_create(CLOCK_MONOTONIC, 1));
  TRY(write(fd, &n, 8));
  TRY(lseek(fd, 0, SEEK_SET));
  return 0;
}
