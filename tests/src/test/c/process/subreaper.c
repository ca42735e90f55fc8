/* Orphans go to the nearest subreaper. */
#include "case.h"

int main(void) {
  int value = 7;
  TRY(prctl(PR_GET_CHILD_SUBREAPER, &value));
  say("%d\n", value);
  TRY(prctl(PR_SET_CHILD_SUBREAPER, 1));
  TRY(prctl(PR_GET_CHILD_SUBREAPER, &value));
  say("%d\n", value);
  int ends[2];
  MUST(pipe(ends));
  pid_t reaper = getpid();
  pid_t pid = MUST(fork());
  if (pid == 0) {
    prctl(PR_GET_CHILD_SUBREAPER, &value);
    say("inherited %d\n", value);
    if (fork() == 0) {
      char c;
      close(ends[1]);
      read(ends[0], &c, 1);
      say("adopted: %d\n", getppid() == reaper);
      _exit(33);
    }
    _exit(0);
  }
  reap("child", pid);
  close(ends[1]);
  int status;
  say("an orphan: %d\n", wait(&status) != pid);
  say_status("grandchild", status);
  return 0;
}
