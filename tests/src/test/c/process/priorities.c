/* Scheduling classes of input and output, time slices, and signals queued to one thread. */
#include "case.h"

static void on(int signal, siginfo_t *info, void *context) {
  say("SIG%s code %d value %d from us %d, thread %d\n", sigabbrev_np(signal), info->si_code,
      info->si_value.sival_int, info->si_pid == getpid(), gettid() == getpid());
}

int main(void) {
  TRY(syscall(SYS_ioprio_get, 1, 0));
  TRY(syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 7));
  TRY(syscall(SYS_ioprio_get, 1, 0));
  TRY(syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 8));
  TRY(syscall(SYS_ioprio_set, 1, 0, 3 << 13));
  TRY(syscall(SYS_ioprio_get, 1, 0));
  TRY(syscall(SYS_ioprio_set, 1, 0, 5 << 13));
  TRY(syscall(SYS_ioprio_get, 4, 0));
  TRY(syscall(SYS_ioprio_get, 1, 99999999));
  TRY(syscall(SYS_ioprio_set, 1, 0, 0));
  struct timespec slice;
  TRY(sched_rr_get_interval(0, BAD));
  TRY(sched_rr_get_interval(-1, &slice));
  TRY(sched_rr_get_interval(99999999, &slice));
  TRY(sched_rr_get_interval(0, &slice));
  say("slice below a second %d\n", slice.tv_sec == 0);

  install_info(SIGRTMIN, on, 0);
  siginfo_t info = {.si_code = SI_QUEUE, .si_pid = getpid(), .si_value.sival_int = 5};
  TRY(syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), SIGRTMIN, &info));
  info.si_code = -60;
  info.si_value.sival_int = 6;
  TRY(syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), SIGRTMIN, &info));
  TRY(syscall(SYS_rt_tgsigqueueinfo, getpid(), 0, SIGRTMIN, &info));
  TRY(syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), 65, &info));
  TRY(syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), SIGRTMIN, BAD));
  pid_t child = MUST(fork());
  if (child == 0) for (;;) pause();
  info.si_code = 0;
  TRY(syscall(SYS_rt_tgsigqueueinfo, child, child, SIGRTMIN, &info));
  TRY(syscall(SYS_rt_tgsigqueueinfo, getpid(), child, SIGRTMIN, &info));
  MUST(kill(child, SIGKILL));
  reap("child", child);
  return 0;
}
