/* sched_setattr and sched_getattr: sizes, policies, and who may wish what. */
#include "case.h"

struct attributes {
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime, deadline, period;
  uint32_t least, most;
  uint64_t more[4];
};

static void show(void) {
  struct attributes a;
  memset(&a, 0xee, sizeof a);
  TRY(syscall(SYS_sched_getattr, 0, &a, 48, 0));
  say("  size %u policy %u flags %lx nice %d priority %u\n", a.size, a.policy, (long)a.flags, a.nice, a.priority);
}

static void unprivileged(void) {
  become(1234, 1234);
  struct attributes a = {.size = 48, .nice = 5};
  TRY(syscall(SYS_sched_setattr, 0, &a, 0));
  show();
  a.nice = -5;
  TRY(syscall(SYS_sched_setattr, 0, &a, 0));
  a.nice = 0;
  a.policy = SCHED_FIFO;
  a.priority = 1;
  TRY(syscall(SYS_sched_setattr, 0, &a, 0));
  TRY(syscall(SYS_sched_setattr, getppid(), &a, 0));
}

int main(void) {
  become_container_root();
  struct attributes a = {.size = 48};
  show();
  a.nice = 7;
  TRY(syscall(SYS_sched_setattr, 0, &a, 0));
  show();
  a.policy = SCHED_BATCH;
  a.nice = 40;
  a.flags = 1;
  TRY(syscall(SYS_sched_setattr, 0, &a, 0));
  show();
  say("getpriority %d scheduler %x\n", getpriority(PRIO_PROCESS, 0), sched_getscheduler(0));
  a = (struct attributes){.size = 0, .policy = SCHED_OTHER};
  TRY(syscall(SYS_sched_setattr, 0, &a, 0));
  a.size = 47;
  TRY(syscall(SYS_sched_setattr, 0, &a, 0));
  say("size that would do >= 48: %d\n", a.size >= 48);
  a.size = sizeof a;
  TRY(syscall(SYS_sched_setattr, 0, &a, 0));
  a.more[3] = 1;
  TRY(syscall(SYS_sched_setattr, 0, &a, 0));
  a.more[3] = 0;
  a.size = 48;
  a.flags = 1UL << 40;
  TRY(syscall(SYS_sched_setattr, 0, &a, 0));
  a.flags = 0;
  a.policy = 77;
  TRY(syscall(SYS_sched_setattr, 0, &a, 0));
  a.policy = -1;
  TRY(syscall(SYS_sched_setattr, 0, &a, 0));
  a.policy = SCHED_OTHER;
  a.priority = 3;
  TRY(syscall(SYS_sched_setattr, 0, &a, 0));
  a.priority = 0;
  TRY(syscall(SYS_sched_setattr, 0, &a, 1));
  TRY(syscall(SYS_sched_setattr, 0, NULL, 0));
  TRY(syscall(SYS_sched_setattr, -1, &a, 0));
  TRY(syscall(SYS_sched_setattr, 99999999, &a, 0));
  TRY(syscall(SYS_sched_setattr, 0, BAD, 0));
  a = (struct attributes){.size = 48, .policy = 6, .runtime = 20, .deadline = 10, .period = 10};
  TRY(syscall(SYS_sched_setattr, 0, &a, 0));
  TRY(syscall(SYS_sched_getattr, 0, &a, 47, 0));
  TRY(syscall(SYS_sched_getattr, 0, &a, 5000, 0));
  TRY(syscall(SYS_sched_getattr, 0, &a, 48, 1));
  TRY(syscall(SYS_sched_getattr, 0, NULL, 48, 0));
  TRY(syscall(SYS_sched_getattr, 99999999, &a, 48, 0));
  TRY(syscall(SYS_sched_getattr, 0, BAD, 48, 0));
  in_child("user", unprivileged);
  return 0;
}
