/* Raw clone: what is shared, what is stored, which flags contradict. */
#include "case.h"

static int value = 1;
static int tids[2];

static int body(void *unused) {
  value = 2;
  chdir("/tmp");
  close(100);
  return 12;
}

static char stack[65536] __attribute__((aligned(16)));

static void show(const char *what, int flags) {
  value = 1;
  chdir("/");
  dup2(1, 100);
  int pid = MUST(clone(body, stack + sizeof stack, flags | SIGCHLD, NULL));
  reap(what, pid);
  char cwd[64];
  getcwd(cwd, sizeof cwd);
  say("  memory %d cwd %s descriptor %s\n", value, cwd, fcntl(100, F_GETFD) == 0 ? "open" : "closed");
}

static long raw(unsigned long flags) {
  long r = syscall(SYS_clone, flags, 0, &tids[0], &tids[1], 0);
  if (r == 0) _exit(0);
  return r;
}

int main(void) {
  show("nothing", 0);
  show("CLONE_VM", CLONE_VM);
  show("CLONE_FS", CLONE_FS);
  show("CLONE_FILES", CLONE_FILES);
  show("all", CLONE_VM | CLONE_FS | CLONE_FILES);
  TRY(raw(CLONE_THREAD));
  TRY(raw(CLONE_SIGHAND));
  TRY(raw(CLONE_VM | CLONE_THREAD));
  TRY(raw(CLONE_FS | CLONE_NEWNS));
  long pid = raw(CLONE_PARENT_SETTID | SIGCHLD);
  say("stored: %d\n", tids[0] == pid);
  reap("child", pid);
  pid = raw(0);
  int status;
  say("without exit signal: %s\n", waitpid(pid, &status, 0) == -1 ? error_name(errno) : "?");
  say("__WCLONE: %d\n", waitpid(pid, &status, __WCLONE) == pid);
  signal(SIGUSR2, SIG_IGN);
  pid = raw(SIGUSR2);
  say("__WALL: %d\n", waitpid(pid, &status, __WALL) == pid);
  return 0;
}
