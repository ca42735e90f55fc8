/* Futexes between processes: anonymous shared memory and a file mapped twice. */
#include "case.h"

static void run(const char *what, int *mine, int *its) {
  *mine = 0;
  pid_t pid = MUST(fork());
  if (pid == 0) {
    long r;
    while ((r = syscall(SYS_futex, its, FUTEX_WAKE, 1, NULL, NULL, 0)) == 0) usleep(1000);
    _exit(r);
  }
  struct timespec t = {5, 0};
  TRY(syscall(SYS_futex, mine, FUTEX_WAIT, 0, &t, NULL, 0));
  reap(what, pid);
}

int main(void) {
  scratch();
  int rw = PROT_READ | PROT_WRITE;
  int *anonymous = mmap(NULL, 4096, rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  run("anonymous", anonymous, anonymous);
  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  MUST(ftruncate(fd, 4096));
  int *a = mmap(NULL, 4096, rw, MAP_SHARED, fd, 0), *b = mmap(NULL, 4096, rw, MAP_SHARED, fd, 0);
  run("one mapping", a, a);
  run("two mappings", a, b);
  run("second word", a + 1, b + 1);
  return 0;
}
