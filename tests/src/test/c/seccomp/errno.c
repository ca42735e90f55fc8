/* A filter's errno is the call's result; several filters are asked, and the strictest decides. */
#include "filters.h"

static void errors(void) {
  no_new_privileges();
  TRY(answer(SYS_getppid, SECCOMP_RET_ERRNO | EDOM, 0));
  TRY(syscall(SYS_getppid));
  TRY(answer(SYS_getpgid, SECCOMP_RET_ERRNO | 0, 0));
  TRY(syscall(SYS_getpgid, 0));
  TRY(answer(SYS_getpriority, SECCOMP_RET_ERRNO | 0xffff, 0));
  say("beyond the largest: %ld\n", ({
        long result;
        asm volatile("syscall" : "=a"(result) : "0"(SYS_getpriority), "D"(0), "S"(0) : "rcx", "r11", "memory");
        result;
      }));
  say_status_lines("three");
}

static void newest_of_equals(void) {
  no_new_privileges();
  MUST(answer(SYS_getppid, SECCOMP_RET_ERRNO | EDOM, 0));
  MUST(answer(SYS_getppid, SECCOMP_RET_ERRNO | ENOTTY, 0));
  TRY(syscall(SYS_getppid));
  MUST(answer(SYS_getppid, SECCOMP_RET_ALLOW, 0));
  TRY(syscall(SYS_getppid));
  MUST(answer(SYS_getppid, SECCOMP_RET_TRACE | 7, 0));
  TRY(syscall(SYS_getppid));
}

static void trace_without_tracer(void) {
  no_new_privileges();
  MUST(answer(SYS_getppid, SECCOMP_RET_TRACE | 7, 0));
  TRY(syscall(SYS_getppid));
  MUST(answer(SYS_getpgid, SECCOMP_RET_LOG, 0));
  OK(syscall(SYS_getpgid, 0));
}

static void unknown_number(void) {
  no_new_privileges();
  MUST(answer(9999, SECCOMP_RET_ERRNO | EDOM, 0));
  TRY(syscall(9999));
  TRY(syscall(9998));
  MUST(answer(-3, SECCOMP_RET_ERRNO | EXDEV, 0));
  TRY(syscall(-3));
}

int main(void) {
  in_child("errors", errors);
  in_child("newest", newest_of_equals);
  in_child("trace", trace_without_tracer);
  in_child("unknown", unknown_number);
  return 0;
}
