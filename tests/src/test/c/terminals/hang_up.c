/* When the master closes, the session gets SIGHUP and reads end. */
#include "case.h"

int main(void) {
  int master = MUST(posix_openpt(O_RDWR | O_NOCTTY)), ends[2];
  MUST(unlockpt(master));
  MUST(pipe(ends));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    MUST(setsid());
    int slave = MUST(open(ptsname(master), O_RDWR));
    close(master);
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGHUP);
    sigprocmask(SIG_BLOCK, &one, NULL);
    write(ends[1], "x", 1);
    int s;
    sigwait(&one, &s);
    char c;
    say("got SIG%s\n", sigabbrev_np(s));
    TRY(read(slave, &c, 1));
    TRY(write(slave, &c, 1));
    _exit(0);
  }
  char c;
  MUST(read(ends[0], &c, 1));
  MUST(close(master));
  reap("session", pid);
  return 0;
}
