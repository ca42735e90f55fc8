/* PR_SET_PDEATHSIG tells of the parent's end. */
#include "case.h"

int main(void) {
  int ready[2], done[2];
  MUST(pipe(ready));
  MUST(pipe(done));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    if (fork() == 0) {
      sigset_t one;
      sigemptyset(&one);
      sigaddset(&one, SIGUSR1);
      sigprocmask(SIG_BLOCK, &one, NULL);
      prctl(PR_SET_PDEATHSIG, SIGUSR1);
      write(ready[1], "x", 1);
      int signal;
      sigwait(&one, &signal);
      say("got SIG%s\n", sigabbrev_np(signal));
      int value;
      prctl(PR_GET_PDEATHSIG, &value);
      say("still set %d\n", value == SIGUSR1);
      write(done[1], "x", 1);
      _exit(0);
    }
    char c;
    read(ready[0], &c, 1);
    _exit(0);
  }
  char c;
  MUST(read(done[0], &c, 1));
  reap("child", pid);
  TRY(prctl(PR_SET_PDEATHSIG, 65));
  TRY(prctl(PR_SET_PDEATHSIG, 0));
  return 0;
}
