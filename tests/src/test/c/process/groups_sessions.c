/* Process groups and sessions: who may go where. */
#include "case.h"

static void child(void) {
  say("child: leads its group %d\n", getpgrp() == getpid());
  TRY(setpgid(0, 0));
  say("now %d\n", getpgrp() == getpid());
  TRY(setpgid(0, 99999));
  TRY(setpgid(0, -1));
  TRY(setpgid(99999, 0));
  TRY(setpgid(getppid(), 0));
  OK(setsid());
  pid_t pid = MUST(fork());
  if (pid == 0) {
    OK(setsid());
    say("session leader %d group leader %d\n", getsid(0) == getpid(), getpgrp() == getpid());
    OK(setsid());
    TRY(setpgid(0, 0));
    _exit(0);
  }
  reap("grandchild", pid);
}

int main(void) {
  in_child("child", child);
  int ends[2];
  MUST(pipe(ends));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    char c;
    close(ends[1]);
    read(ends[0], &c, 1);
    say("moved by the parent: %d\n", getpgrp() == getpid());
    execl("/bin/sh", "sh", "-c", "read x", (char *)NULL);
    _exit(0);
  }
  TRY(setpgid(pid, pid));
  say("seen: %d\n", getpgid(pid) == pid);
  write(ends[1], "x", 1);
  close(ends[1]);
  reap("moved", pid);
  TRY(getpgid(pid));
  TRY(getsid(99999));
  TRY(getpgid(-1));
  return 0;
}
