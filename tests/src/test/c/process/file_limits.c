/* RLIMIT_NOFILE and RLIMIT_FSIZE at work. */
#include "case.h"

static void on_size(int signal) { say("SIG%s\n", sigabbrev_np(signal)); }

int main(void) {
  scratch();
  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  struct rlimit l = {100, 100};
  MUST(setrlimit(RLIMIT_FSIZE, &l));
  install(SIGXFSZ, on_size, 0);
  char text[200] = "";
  TRY(pwrite(fd, text, 200, 0));
  TRY(pwrite(fd, text, 200, 50));
  TRY(pwrite(fd, text, 200, 100));
  TRY(ftruncate(fd, 101));
  TRY(ftruncate(fd, 100));
  TRY(fallocate(fd, 0, 90, 20));
  l.rlim_cur = l.rlim_max = fd + 2;
  MUST(setrlimit(RLIMIT_NOFILE, &l));
  int next = dup(fd);
  say("the last one: %d\n", next == fd + 1);
  TRY(dup(fd));
  TRY(dup2(fd, fd + 2));
  TRY(fcntl(fd, F_DUPFD, fd + 2));
  int ends[2];
  TRY(pipe(ends));
  TRY(open("f", O_RDONLY));
  return 0;
}
