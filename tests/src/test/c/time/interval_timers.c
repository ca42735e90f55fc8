/* setitimer and alarm. */
#include "case.h"

static volatile int alarms, virtuals, profs;

static void on(int signal) {
  if (signal == SIGALRM) alarms++;
  if (signal == SIGVTALRM) virtuals++;
  if (signal == SIGPROF) profs++;
}

int main(void) {
  install(SIGALRM, on, SA_RESTART);
  install(SIGVTALRM, on, SA_RESTART);
  install(SIGPROF, on, SA_RESTART);
  struct itimerval v = {{0, 5000}, {0, 5000}}, old, off = {{0, 0}, {0, 0}};
  TRY(setitimer(ITIMER_REAL, &v, NULL));
  while (alarms < 5) usleep(1000);
  TRY(setitimer(ITIMER_REAL, &off, &old));
  say("interval %ld, left %d\n", (long)old.it_interval.tv_usec, old.it_value.tv_usec <= 5000);
  TRY(getitimer(ITIMER_REAL, &old));
  say("off %ld %ld\n", (long)old.it_value.tv_usec, (long)old.it_interval.tv_usec);
  TRY(setitimer(ITIMER_VIRTUAL, &v, NULL));
  while (virtuals < 3) continue;
  TRY(setitimer(ITIMER_VIRTUAL, &off, NULL));
  TRY(setitimer(ITIMER_PROF, &v, NULL));
  while (profs < 3) continue;
  TRY(setitimer(ITIMER_PROF, &off, NULL));
  TRY(setitimer(7, &v, NULL));
  TRY(getitimer(7, &old));
  v.it_value.tv_usec = 1000000;
  TRY(setitimer(ITIMER_REAL, &v, NULL));
  TRY(syscall(SYS_setitimer, ITIMER_REAL, NULL, NULL));
  TRY(syscall(SYS_getitimer, ITIMER_REAL, BAD));
  TRY(alarm(100));
  say("left %d\n", alarm(0) >= 99);
  return 0;
}
