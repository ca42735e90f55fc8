/* Open-file-description locks and flock belong to the open file. */
#include "case.h"

static int ofd(int fd, int type, long start) {
  struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = 1};
  return fcntl(fd, F_OFD_SETLK, &l);
}

int main(void) {
  scratch();
  int a = MUST(open("f", O_RDWR | O_CREAT, 0644)), b = MUST(open("f", O_RDWR)), c = dup(a);
  TRY(ofd(a, F_WRLCK, 0));
  TRY(ofd(b, F_WRLCK, 0));
  TRY(ofd(c, F_WRLCK, 0));
  struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
  TRY(fcntl(b, F_OFD_GETLK, &l));
  say("pid %d type %d\n", l.l_pid, l.l_type);
  TRY(fcntl(a, F_SETLK, &l));
  l.l_pid = 5;
  TRY(fcntl(a, F_OFD_SETLK, &l));
  close(a);
  TRY(ofd(b, F_WRLCK, 0));
  close(c);
  TRY(ofd(b, F_WRLCK, 0));
  a = MUST(open("f", O_RDWR));
  TRY(flock(a, LOCK_EX));
  TRY(flock(b, LOCK_SH | LOCK_NB));
  TRY(flock(a, LOCK_SH));
  TRY(flock(b, LOCK_SH | LOCK_NB));
  TRY(flock(a, LOCK_EX | LOCK_NB));
  TRY(flock(b, LOCK_UN));
  TRY(flock(a, 77));
  TRY(flock(99, LOCK_SH));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    TRY(flock(a, LOCK_EX | LOCK_NB));
    TRY(flock(b, LOCK_SH | LOCK_NB));
    _exit(0);
  }
  reap("child", pid);
  TRY(flock(b, LOCK_SH | LOCK_NB));
  return 0;
}
