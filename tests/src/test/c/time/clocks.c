/* Clocks: they run, agree with one another, and errors. */
#include "case.h"

static long nanos(clockid_t c) {
  struct timespec t;
  return clock_gettime(c, &t) == 0 ? t.tv_sec * 1000000000 + t.tv_nsec : -1;
}

int main(void) {
  static const int ids[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
      CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_TAI, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID};
  for (int i = 0; i < 9; i++) {
    struct timespec resolution;
    long a = nanos(ids[i]);
    int r = clock_getres(ids[i], &resolution);
    long b = nanos(ids[i]);
    say("clock %d: grows %d, resolution %d %d\n", ids[i], a > 0 && b >= a, r,
        resolution.tv_sec == 0 && resolution.tv_nsec >= 1 && resolution.tv_nsec <= 10000000);
  }
  struct timespec t;
  struct timeval tv;
  MUST(gettimeofday(&tv, NULL));
  MUST(clock_gettime(CLOCK_REALTIME, &t));
  say("time agrees %d %d\n", labs(t.tv_sec - tv.tv_sec) <= 1, labs(time(NULL) - t.tv_sec) <= 1);
  TRY(syscall(SYS_clock_gettime, 77, &t));
  TRY(syscall(SYS_clock_gettime, CLOCK_REALTIME, BAD));
  TRY(syscall(SYS_clock_getres, CLOCK_REALTIME, NULL));
  TRY(syscall(SYS_gettimeofday, BAD, NULL));
  TRY(syscall(SYS_time, BAD));
  clockid_t other;
  say("clock of a process %d\n", clock_getcpuclockid(getpid(), &other));
  TRY(syscall(SYS_clock_gettime, other, &t));
  say("no such process %s\n", error_name(clock_getcpuclockid(9999999, &other)));
  become(1234, 1234);
  TRY(clock_settime(CLOCK_REALTIME, &t));
  TRY(clock_settime(CLOCK_MONOTONIC, &t));
  return 0;
}
