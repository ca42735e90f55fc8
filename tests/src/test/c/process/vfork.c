/* vfork: the parent waits, and both share memory until then. */
#include "case.h"

int main(void) {
  volatile int shared = 1;
  pid_t pid = vfork();
  if (pid == 0) {
    shared = 2;
    _exit(4);
  }
  say("shared %d\n", shared);
  reap("child", pid);
  pid = vfork();
  if (pid == 0) {
    execl("/bin/sh", "sh", "-c", "exit 6", (char *)NULL);
    _exit(127);
  }
  reap("exec", pid);
  pid = vfork();
  if (pid == 0) {
    execl("/nonexistent", "x", (char *)NULL);
    shared = errno;
    _exit(1);
  }
  say("errno of the child: %s\n", error_name(shared));
  reap("failed exec", pid);
  return 0;
}
