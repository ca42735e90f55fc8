/* F_SETLKW waits, and finds deadlocks. */
#include "case.h"

static int fd;

static int lock(int command, int type, long start) {
  struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = 1};
  return fcntl(fd, command, &l);
}

int main(void) {
  scratch();
  fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  int ends[2];
  MUST(pipe(ends));
  MUST(lock(F_SETLK, F_WRLCK, 0));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    MUST(lock(F_SETLK, F_WRLCK, 1));
    write(ends[1], "x", 1);
    TRY(lock(F_SETLKW, F_WRLCK, 0));
    _exit(0);
  }
  char c;
  MUST(read(ends[0], &c, 1));
  until_asleep(pid);
  TRY(lock(F_SETLKW, F_WRLCK, 1));
  MUST(lock(F_SETLK, F_UNLCK, 0));
  reap("child", pid);
  TRY(lock(F_SETLKW, F_WRLCK, 1));
  return 0;
}
