/* Bad addresses in calls about processes, signals and time. */
#include "case.h"

int main(void) {
  static const struct { const char *name; long number, a, b, c, d, e; } calls[] = {
      {"rt_sigaction", SYS_rt_sigaction, SIGUSR1, 8, 0, 8, 0},
      {"rt_sigprocmask", SYS_rt_sigprocmask, 0, 8, 0, 8, 0},
      {"rt_sigpending", SYS_rt_sigpending, 8, 8, 0, 0, 0},
      {"rt_sigsuspend", SYS_rt_sigsuspend, 8, 8, 0, 0, 0},
      {"rt_sigtimedwait", SYS_rt_sigtimedwait, 8, 0, 0, 8, 0},
      {"rt_sigqueueinfo", SYS_rt_sigqueueinfo, 1, 0, 8, 0, 0},
      {"sigaltstack", SYS_sigaltstack, 8, 0, 0, 0, 0},
      {"signalfd4", SYS_signalfd4, -1, 8, 8, 0, 0},
      {"nanosleep", SYS_nanosleep, 8, 0, 0, 0, 0},
      {"clock_gettime", SYS_clock_gettime, 0, 8, 0, 0, 0},
      {"clock_settime", SYS_clock_settime, 0, 8, 0, 0, 0},
      {"clock_nanosleep", SYS_clock_nanosleep, 0, 0, 8, 0, 0},
      {"setitimer", SYS_setitimer, 0, 8, 0, 0, 0},
      {"getitimer", SYS_getitimer, 0, 8, 0, 0, 0},
      {"timer_create", SYS_timer_create, 0, 8, 8, 0, 0},
      {"getrlimit", SYS_getrlimit, 0, 8, 0, 0, 0},
      {"setrlimit", SYS_setrlimit, 0, 8, 0, 0, 0},
      {"prlimit64", SYS_prlimit64, 0, 0, 8, 0, 0},
      {"getrusage", SYS_getrusage, 0, 8, 0, 0, 0},
      {"times", SYS_times, 8, 0, 0, 0, 0},
      {"sysinfo", SYS_sysinfo, 8, 0, 0, 0, 0},
      {"uname", SYS_uname, 8, 0, 0, 0, 0},
      {"getrandom", SYS_getrandom, 8, 8, 0, 0, 0},
      {"getresuid", SYS_getresuid, 8, 8, 8, 0, 0},
      {"getresgid", SYS_getresgid, 8, 8, 8, 0, 0},
      {"setgroups", SYS_setgroups, 2, 8, 0, 0, 0},
      {"capget", SYS_capget, 8, 8, 0, 0, 0},
      {"capset", SYS_capset, 8, 8, 0, 0, 0},
      {"sched_setparam", SYS_sched_setparam, 0, 8, 0, 0, 0},
      {"sched_getparam", SYS_sched_getparam, 0, 8, 0, 0, 0},
      {"sched_setscheduler", SYS_sched_setscheduler, 0, 0, 8, 0, 0},
      {"sched_getaffinity", SYS_sched_getaffinity, 0, 128, 8, 0, 0},
      {"sched_setaffinity", SYS_sched_setaffinity, 0, 128, 8, 0, 0},
      {"futex", SYS_futex, 8, 0, 0, 0, 0},
      {"poll", SYS_poll, 8, 1, 0, 0, 0},
      {"ppoll", SYS_ppoll, 0, 0, 8, 0, 8},
      {"select", SYS_select, 1, 8, 0, 0, 0},
      {"epoll_ctl", SYS_epoll_ctl, -1, 1, 0, 8, 0},
      {"clone3", SYS_clone3, 8, 88, 0, 0, 0},
      {"waitid", SYS_waitid, 0, 0, 8, 4, 0},
      {"mincore", SYS_mincore, 0, 4096, 8, 0, 0},
      {"prctl PR_GET_NAME", SYS_prctl, 16, 8, 0, 0, 0},
      {"prctl PR_SET_NAME", SYS_prctl, 15, 8, 0, 0, 0},
      {"arch_prctl ARCH_GET_FS", SYS_arch_prctl, 0x1003, 8, 0, 0, 0},
      {"socketpair", SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, 8, 0},
  };
  for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++) {
    long r = syscall(calls[i].number, calls[i].a, calls[i].b, calls[i].c, calls[i].d, calls[i].e);
    say("%s: %s\n", calls[i].name, r == -1 ? error_name(errno) : "ok");
  }
  return 0;
}
