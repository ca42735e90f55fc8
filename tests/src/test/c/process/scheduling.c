/* Scheduling calls: policies, nice values, affinity sizes. */
#include "case.h"

int main(void) {
  struct sched_param p = {0};
  TRY(sched_getscheduler(0));
  TRY(sched_getparam(0, &p));
  TRY(sched_setscheduler(0, SCHED_BATCH, &p));
  TRY(sched_getscheduler(0));
  p.sched_priority = 5;
  TRY(sched_setscheduler(0, SCHED_OTHER, &p));
  TRY(sched_setscheduler(0, 99, &p));
  TRY(sched_setscheduler(-1, SCHED_OTHER, &p));
  TRY(sched_setscheduler(9999999, SCHED_FIFO, &p));
  TRY(sched_get_priority_max(SCHED_FIFO));
  TRY(sched_get_priority_min(SCHED_FIFO));
  TRY(sched_get_priority_max(SCHED_OTHER));
  TRY(sched_get_priority_max(77));
  TRY(sched_yield());
  TRY(syscall(SYS_getpriority, PRIO_PROCESS, 0));
  TRY(setpriority(PRIO_PROCESS, 0, 5));
  TRY(syscall(SYS_getpriority, PRIO_PROCESS, 0));
  TRY(setpriority(PRIO_PROCESS, 0, 100));
  TRY(syscall(SYS_getpriority, PRIO_PROCESS, 0));
  TRY(syscall(SYS_getpriority, 9, 0));
  TRY(syscall(SYS_getpriority, PRIO_PROCESS, 9999999));
  unsigned long mask[16];
  say("affinity %d\n", syscall(SYS_sched_getaffinity, 0, sizeof mask, mask) >= 8);
  TRY(syscall(SYS_sched_getaffinity, 0, 3, mask));
  TRY(syscall(SYS_sched_getaffinity, 9999999, sizeof mask, mask));
  memset(mask, 0, sizeof mask);
  TRY(sched_setaffinity(0, sizeof mask, (cpu_set_t *)mask));
  become(1234, 1234);
  TRY(setpriority(PRIO_PROCESS, 0, 0));
  return 0;
}
