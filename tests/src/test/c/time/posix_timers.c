/* POSIX timers: signals with values, overruns, remaining time, errors. */
#include "case.h"

static volatile int fired, value, code;

static void on(int signal, siginfo_t *info, void *context) {
  fired++;
  value = info->si_value.sival_int;
  code = info->si_code;
}

int main(void) {
  install_info(SIGUSR1, on, 0);
  struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 42};
  timer_t t;
  TRY(timer_create(CLOCK_MONOTONIC, &e, &t));
  struct itimerspec s = {{0, 0}, {0, 10000000}}, old;
  TRY(timer_settime(t, 0, &s, NULL));
  while (!fired) usleep(1000);
  say("value %d code %d\n", value, code);
  TRY(timer_gettime(t, &old));
  say("disarmed %ld\n", old.it_value.tv_nsec);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR1);
  MUST(sigprocmask(SIG_BLOCK, &one, NULL));
  s.it_interval.tv_nsec = 1000000;
  TRY(timer_settime(t, 0, &s, NULL));
  pause_ms(60);
  MUST(sigprocmask(SIG_UNBLOCK, &one, NULL));
  say("fired %d times, overrun %d\n", fired >= 2, timer_getoverrun(t) >= 0);
  s.it_value.tv_nsec = 0;
  TRY(timer_settime(t, 0, &s, &old));
  say("interval %ld\n", old.it_interval.tv_nsec);
  s.it_value.tv_nsec = 1000000000;
  TRY(timer_settime(t, 0, &s, NULL));
  TRY(timer_delete(t));
  TRY(syscall(SYS_timer_delete, 12345));
  TRY(syscall(SYS_timer_gettime, 12345, &old));
  TRY(timer_create(99, &e, &t));
  e.sigev_signo = 99;
  TRY(timer_create(CLOCK_REALTIME, &e, &t));
  e.sigev_notify = SIGEV_NONE;
  TRY(timer_create(CLOCK_REALTIME, &e, &t));
  s = (struct itimerspec){{0, 0}, {100, 0}};
  TRY(timer_settime(t, 0, &s, NULL));
  TRY(timer_gettime(t, &old));
  say("left %d\n", old.it_value.tv_sec >= 99);
  return 0;
}
