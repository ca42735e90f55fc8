/* Signals to a process group reach each member once. */
#include "case.h"

static void on(int signal) { _exit(1); }

static void group(void) {
  MUST(setpgid(0, 0));
  signal(SIGUSR1, SIG_IGN);
  pid_t pids[3];
  int ends[2];
  MUST(pipe(ends));
  for (int i = 0; i < 3; i++) {
    pids[i] = MUST(fork());
    if (pids[i] == 0) {
      install(SIGUSR1, on, 0);
      write(ends[1], "x", 1);
      for (;;) pause();
    }
  }
  char c;
  for (int i = 0; i < 3; i++) MUST(read(ends[0], &c, 1));
  TRY(kill(0, SIGUSR1));
  for (int i = 0; i < 3; i++) reap("member", pids[i]);
  TRY(killpg(getpgrp(), 0));
  TRY(kill(-getpgrp(), 0));
}

int main(void) {
  in_child("group", group);
  return 0;
}
