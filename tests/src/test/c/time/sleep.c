/* nanosleep: how long, what remains, errors. */
#include "case.h"

static long ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void on(int signal) {}

int main(void) {
  struct timespec t = {0, 30000000}, rest = {9, 9}, bad = {0, -1}, big = {0, 1000000000}, negative = {-1, 0};
  long start = ms();
  TRY(nanosleep(&t, &rest));
  say("slept %d, rest untouched %ld\n", ms() - start >= 30, rest.tv_sec);
  TRY(nanosleep(&bad, NULL));
  TRY(nanosleep(&big, NULL));
  TRY(nanosleep(&negative, NULL));
  TRY(nanosleep(BAD, NULL));
  install(SIGALRM, on, SA_RESTART);
  struct itimerval once = {{0, 0}, {0, 30000}};
  MUST(setitimer(ITIMER_REAL, &once, NULL));
  t.tv_sec = 10;
  t.tv_nsec = 0;
  TRY(nanosleep(&t, &rest));
  say("rest %d\n", rest.tv_sec == 9);
  MUST(setitimer(ITIMER_REAL, &once, NULL));
  say("clock_nanosleep %s, rest %d\n", error_name(clock_nanosleep(CLOCK_MONOTONIC, 0, &t, &rest)), rest.tv_sec == 9);
  clock_gettime(CLOCK_MONOTONIC, &t);
  t.tv_nsec += 20000000;
  if (t.tv_nsec >= 1000000000) t.tv_sec++, t.tv_nsec -= 1000000000;
  say("absolute %d\n", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL));
  say("past %d\n", clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &(struct timespec){1, 0}, NULL));
  say("%s\n", error_name(clock_nanosleep(77, 0, &t, NULL)));
  say("%s\n", error_name(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &t, NULL)));
  return 0;
}
