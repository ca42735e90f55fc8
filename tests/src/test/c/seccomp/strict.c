/* Strict mode: read, write, sigreturn and exit, and SIGKILL for the rest. */
#include "filters.h"

static void enter(void) {
  say("mode %d\n", prctl(PR_GET_SECCOMP));
  MUST(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
}

static void exits(void) {
  enter();
  say("inside\n");
  syscall(SYS_exit, 5);
}

static void exits_group(void) {
  enter();
  syscall(SYS_exit_group, 5);
}

static void asks(void) {
  enter();
  syscall(SYS_getpid);
  say("survived\n");
}

static void asks_mode(void) {
  enter();
  prctl(PR_GET_SECCOMP);
  say("survived\n");
}

static void unknown(void) {
  enter();
  syscall(9999);
  say("survived\n");
}

static void by_call(void) {
  TRY(syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1, NULL));
  TRY(syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, "x"));
  MUST(syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, NULL));
  say("inside\n");
  syscall(SYS_exit, 6);
}

static void after_filter(void) {
  no_new_privileges();
  MUST(answer(SYS_getppid, SECCOMP_RET_ERRNO | EDOM, 0));
  TRY(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
  TRY(prctl(PR_GET_SECCOMP));
}

static void *asks_in_thread(void *unused) {
  MUST(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
  syscall(SYS_getpid);
  say("survived\n");
  return unused;
}

static void one_thread(void) {
  pthread_t thread;
  MUST(pthread_create(&thread, NULL, asks_in_thread, NULL) ? -1 : 0);
  pthread_join(thread, NULL);
  say("the other one goes on\n");
}

int main(void) {
  in_child("exit", exits);
  in_child("exit_group", exits_group);
  in_child("getpid", asks);
  in_child("prctl", asks_mode);
  in_child("unknown", unknown);
  in_child("seccomp", by_call);
  in_child("after filter", after_filter);
  in_child("thread", one_thread);
  TRY(prctl(PR_SET_SECCOMP, 0));
  TRY(prctl(PR_SET_SECCOMP, 3));
  return 0;
}
