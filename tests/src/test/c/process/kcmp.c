/* kcmp: what a child and a thread share. */
#include "case.h"
#include <linux/kcmp.h>

static long compare(pid_t one, pid_t other, int type, long a, long b) {
  long result = syscall(SYS_kcmp, one, other, type, a, b);
  return result > 0 ? 1 : result; /* the order of two objects means nothing */
}

static pid_t thread_id;
static int ready[2], done[2];

static void *in_thread(void *unused) {
  char byte;
  thread_id = gettid();
  MUST(write(ready[1], "x", 1));
  MUST(read(done[0], &byte, 1));
  return unused;
}

static void all(const char *what, pid_t other) {
  static const int types[] = {KCMP_VM, KCMP_FILES, KCMP_FS, KCMP_SIGHAND};
  say("%s:", what);
  for (int i = 0; i < 4; i++) say(" %ld", compare(getpid(), other, types[i], 0, 0));
  say("\n");
}

static void from_user(void) {
  become(1234, 1234);
  TRY(compare(getpid(), getppid(), KCMP_VM, 0, 0));
}

int main(void) {
  char byte;
  MUST(pipe(ready));
  MUST(pipe(done));
  int copy = MUST(dup(ready[0]));
  say("same file %ld\n", compare(getpid(), getpid(), KCMP_FILE, ready[0], copy));
  say("other file %ld\n", compare(getpid(), getpid(), KCMP_FILE, ready[0], ready[1]));
  pthread_t thread;
  pthread_create(&thread, NULL, in_thread, NULL);
  MUST(read(ready[0], &byte, 1));
  all("thread", thread_id);
  MUST(write(done[1], "x", 1));
  pthread_join(thread, NULL);
  pid_t pid = MUST(fork());
  if (pid == 0) {
    MUST(read(done[0], &byte, 1));
    _exit(0);
  }
  all("child", pid);
  say("its file %ld\n", compare(getpid(), pid, KCMP_FILE, ready[0], ready[0]));
  MUST(write(done[1], "x", 1));
  reap("child", pid);
  TRY(compare(getpid(), getpid(), KCMP_FILE, ready[0], 99));
  TRY(compare(getpid(), getpid(), 99, 0, 0));
  TRY(compare(getpid(), 99999999, KCMP_VM, 0, 0));
  in_child("user", from_user);
  return 0;
}
