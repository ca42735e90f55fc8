/* getrusage and times: sane and growing. */
#include "case.h"

static void spin(void) {
  struct timespec t;
  do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  while (t.tv_nsec < 30000000 && t.tv_sec == 0);
}

static long micros(struct rusage *u) {
  return (u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000000 + u->ru_utime.tv_usec +
         u->ru_stime.tv_usec;
}

int main(void) {
  struct rusage self, thread, children;
  spin();
  TRY(getrusage(RUSAGE_SELF, &self));
  TRY(getrusage(RUSAGE_THREAD, &thread));
  TRY(getrusage(RUSAGE_CHILDREN, &children));
  say("self %d thread %d children %ld\n", micros(&self) > 15000, micros(&thread) > 15000,
      micros(&children));
  say("resident %d\n", self.ru_maxrss > 50);
  in_child("child", spin);
  TRY(getrusage(RUSAGE_CHILDREN, &children));
  say("children now %d\n", micros(&children) > 15000);
  TRY(getrusage(7, &self));
  TRY(getrusage(RUSAGE_SELF, BAD));
  struct tms t;
  int told = times(&t) != -1;
  say("times %d %d\n", told, t.tms_cutime + t.tms_cstime >= 1);
  return 0;
}
