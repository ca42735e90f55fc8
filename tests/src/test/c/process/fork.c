/* fork: who is who, and how the child's end is told. */
#include "case.h"

int main(void) {
  pid_t parent = getpid();
  pid_t pid = MUST(fork());
  if (pid == 0) {
    say("child's parent is the parent: %d\n", getppid() == parent);
    say("child's tid is its pid: %d\n", gettid() == getpid());
    _exit(300);
  }
  int status;
  say("waited for the child: %d\n", waitpid(pid, &status, 0) == pid);
  say_status("child", status);
  TRY(waitpid(pid, &status, 0));
  TRY(waitpid(-1, &status, 0));
  return 0;
}
