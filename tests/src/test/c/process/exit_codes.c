/* How processes end, as wait shows it. */
#include "case.h"

static void zero(void) { exit(0); }
static void seven(void) { _exit(7); }
static void minus_one(void) { exit(-1); }
static void aborts(void) { abort(); }
static void term(void) { raise(SIGTERM); }
static void killed(void) { kill(getpid(), SIGKILL); }
static void realtime(void) { raise(SIGRTMIN + 3); }
static void thread_exit(void) { syscall(SYS_exit, 5); }
static void pipe_signal(void) {
  int ends[2];
  pipe(ends);
  close(ends[0]);
  write(ends[1], "x", 1);
}
static void *ends_group(void *unused) {
  syscall(SYS_exit_group, 11);
  return NULL;
}
static void from_thread(void) {
  pthread_t t;
  pthread_create(&t, NULL, ends_group, NULL);
  pause();
}

int main(void) {
  struct rlimit none = {0, 0};
  MUST(setrlimit(RLIMIT_CORE, &none));
  in_child("zero", zero);
  in_child("seven", seven);
  in_child("minus one", minus_one);
  in_child("abort", aborts);
  in_child("term", term);
  in_child("kill", killed);
  in_child("thread exit", thread_exit);
  in_child("pipe", pipe_signal);
  in_child("from thread", from_thread);
  pid_t pid = fork();
  if (pid == 0) {
    realtime();
    _exit(0);
  }
  int status;
  MUST(waitpid(pid, &status, 0));
  say("real-time signal: %d\n", WTERMSIG(status) == SIGRTMIN + 3);
  return 42;
}
