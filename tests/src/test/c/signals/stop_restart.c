/* Stopping and continuing interrupts no call that has no handler to run. */
#include "case.h"

int main(void) {
  int ends[2];
  MUST(pipe(ends));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    char c;
    struct timespec t = {0, 30000000};
    TRY(read(ends[0], &c, 1));
    TRY(nanosleep(&t, NULL));
    struct pollfd p = {ends[0], POLLIN, 0};
    TRY(poll(&p, 1, 5000));
    _exit(0);
  }
  int status;
  until_asleep(pid);
  kill(pid, SIGSTOP);
  MUST(waitpid(pid, &status, WUNTRACED));
  kill(pid, SIGCONT);
  until_asleep(pid);
  MUST(write(ends[1], "x", 1));
  pause_ms(100);
  until_asleep(pid);
  kill(pid, SIGSTOP);
  MUST(waitpid(pid, &status, WUNTRACED));
  kill(pid, SIGCONT);
  MUST(write(ends[1], "x", 1));
  reap("child", pid);
  return 0;
}
