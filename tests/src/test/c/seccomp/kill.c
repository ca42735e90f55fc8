/* Filters can end a thread or the whole process; the last thread takes the process along. */
#include "filters.h"

static void kill_process(void) {
  no_new_privileges();
  signal(SIGSYS, SIG_IGN);
  MUST(answer(SYS_getppid, SECCOMP_RET_KILL_PROCESS, 0));
  syscall(SYS_getppid);
  say("survived\n");
}

static void kill_only_thread(void) {
  no_new_privileges();
  MUST(answer(SYS_getppid, SECCOMP_RET_KILL_THREAD, 0));
  syscall(SYS_getppid);
  say("survived\n");
}

static void unknown_action(void) {
  no_new_privileges();
  MUST(answer(SYS_getppid, 0x12340000, 0));
  syscall(SYS_getppid);
  say("survived\n");
}

static void *calls(void *unused) {
  syscall(SYS_getppid);
  say("survived\n");
  return unused;
}

static void kill_one_thread(void) {
  no_new_privileges();
  MUST(answer(SYS_getppid, SECCOMP_RET_KILL_THREAD, 0));
  pthread_t thread;
  MUST(pthread_create(&thread, NULL, calls, NULL) ? -1 : 0);
  pthread_join(thread, NULL);
  say("the other one goes on\n");
}

static void kill_whole_process(void) {
  no_new_privileges();
  MUST(answer(SYS_getppid, SECCOMP_RET_KILL_PROCESS, 0));
  pthread_t thread;
  MUST(pthread_create(&thread, NULL, calls, NULL) ? -1 : 0);
  pthread_join(thread, NULL);
  say("the other one goes on\n");
}

static void first_thread_dies(void) {
  no_new_privileges();
  MUST(answer(SYS_getppid, SECCOMP_RET_KILL_THREAD, 0));
  int ends[2];
  MUST(pipe(ends));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    syscall(SYS_getppid);
    _exit(3);
  }
  reap("child", pid);
}

int main(void) {
  in_child("process", kill_process);
  in_child("only thread", kill_only_thread);
  in_child("unknown", unknown_action);
  in_child("one thread", kill_one_thread);
  in_child("whole process", kill_whole_process);
  in_child("inherited", first_thread_dies);
  return 0;
}
