/* A descriptor taken out of another process, and old ways of calling. */
#include "case.h"

int main(void) {
  int ends[2];
  MUST(pipe(ends));
  pid_t child = MUST(fork());
  if (child == 0) {
    int other[2];
    MUST(pipe(other));
    MUST(dup2(other[1], 50));
    MUST(write(ends[1], "r", 1));
    char text[8] = "";
    MUST(read(other[0], text, sizeof text));
    _exit(strcmp(text, "hi") == 0 ? 3 : 4);
  }
  char ready;
  MUST(read(ends[0], &ready, 1));
  int pidfd = MUST(syscall(SYS_pidfd_open, child, 0));
  int fd = MUST(syscall(SYS_pidfd_getfd, pidfd, 50, 0));
  say("close on exec %d\n", fcntl(fd, F_GETFD));
  TRY(syscall(SYS_pidfd_getfd, pidfd, 51, 0));
  TRY(syscall(SYS_pidfd_getfd, pidfd, 50, 1));
  TRY(syscall(SYS_pidfd_getfd, fd, 50, 0));
  TRY(syscall(SYS_pidfd_getfd, -1, 50, 0));
  TRY(write(fd, "hi", 2));
  reap("child", child);
  TRY(syscall(SYS_pidfd_getfd, pidfd, 50, 0));
  child = MUST(fork());
  if (child == 0) for (;;) pause();
  pidfd = MUST(syscall(SYS_pidfd_open, child, 0));
  pid_t stranger = MUST(fork());
  if (stranger == 0) {
    become(1234, 1234);
    TRY(syscall(SYS_pidfd_getfd, pidfd, 1, 0));
    _exit(0);
  }
  reap("stranger", stranger);
  MUST(kill(child, SIGKILL));
  reap("child", child);
  pid_t raw = MUST(syscall(SYS_fork));
  if (raw == 0) _exit(9);
  reap("raw fork", raw);
  return 0;
}
