/* What seccomp(2) and prctl(2) refuse, and what they tell. */
#include "filters.h"

static void unprivileged(void) {
  become(1234, 1234);
  TRY(answer(SYS_getppid, SECCOMP_RET_ERRNO | EDOM, 0));
  no_new_privileges();
  TRY(answer(SYS_getppid, SECCOMP_RET_ERRNO | EDOM, 0));
  TRY(syscall(SYS_getppid));
}

static void by_prctl(void) {
  struct sock_filter filter[] = {RETURN(SECCOMP_RET_ALLOW)};
  struct sock_fprog program = {1, filter};
  no_new_privileges();
  TRY(prctl(PR_GET_SECCOMP));
  TRY(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
  TRY(prctl(PR_GET_SECCOMP));
  TRY(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL));
  TRY(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, 8));
  say_status_lines("prctl");
}

int main(void) {
  struct sock_filter filter[] = {RETURN(SECCOMP_RET_ALLOW)};
  say_status_lines("first");
  in_child("unprivileged", unprivileged);
  in_child("prctl", by_prctl);
  no_new_privileges();
  TRY(set_filter(filter, 0, 0));
  TRY(set_filter(filter, 4097, 0));
  TRY(set_filter((void *)16, 1, 0));
  TRY(set_filter(filter, 1, 0x40));
  TRY(set_filter(filter, 1, 0x8000));
  TRY(set_filter(filter, 1, SECCOMP_FILTER_FLAG_SPEC_ALLOW | SECCOMP_FILTER_FLAG_LOG));
  TRY(set_filter(filter, 1, SECCOMP_FILTER_FLAG_TSYNC));
  TRY(syscall(SYS_seccomp, 77, 0, NULL));
  TRY(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL));
  static const unsigned actions[] = {SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD,
                                     SECCOMP_RET_TRAP,         SECCOMP_RET_ERRNO,
                                     SECCOMP_RET_TRACE,        SECCOMP_RET_LOG,
                                     SECCOMP_RET_ALLOW,        0x12340000,
                                     SECCOMP_RET_ERRNO | 1};
  for (int i = 0; i < 9; i++) {
    errno = 0;
    long r = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &actions[i]);
    say("action %#x: %ld %s\n", actions[i], r, r ? error_name(errno) : "");
  }
  TRY(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 1, &actions[0]));
  TRY(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, NULL));
  say_status_lines("last");
  return 0;
}
