/* Filters are handed on to children, threads and programs, and never taken away. */
#include "filters.h"

static void *in_thread(void *unused) {
  say_status_lines("thread");
  TRY(syscall(SYS_getppid));
  MUST(answer(SYS_getpgid, SECCOMP_RET_ERRNO | EXDEV, 0));
  TRY(syscall(SYS_getpgid, 0));
  return unused;
}

static void child(void) {
  say_status_lines("child");
  TRY(syscall(SYS_getppid));
}

int main(int argc, char **argv) {
  if (argc > 1) {
    say_status_lines("program");
    TRY(syscall(SYS_getppid));
    return 0;
  }
  no_new_privileges();
  MUST(answer(SYS_getppid, SECCOMP_RET_ERRNO | EDOM, 0));
  in_child("child", child);
  pthread_t thread;
  MUST(pthread_create(&thread, NULL, in_thread, NULL) ? -1 : 0);
  pthread_join(thread, NULL);
  say_status_lines("first");
  OK(syscall(SYS_getpgid, 0));
  char *again[] = {argv[0], "x", NULL};
  execv("/proc/self/exe", again);
  return 1;
}
