/* Buffers that end at, or reach over, the end of what is mapped. */
#include "case.h"

int main(void) {
  scratch();
  char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  MUST(munmap(p + 4096, 4096));
  char *end = p + 4096;
  MUST(write_file("f", "0123456789"));
  int fd = MUST(open("f", O_RDWR));
  TRY(pread(fd, end - 10, 10, 0));
  TRY(pread(fd, end - 5, 5, 0));
  say("%.5s\n", end - 5);
  memcpy(end - 2, "f", 2);
  TRY(access(end - 2, F_OK));
  memcpy(end - 1, "f", 1);
  TRY(access(end - 1, F_OK));
  TRY(access(end, F_OK));
  struct stat *st = (struct stat *)(end - sizeof *st);
  TRY(fstat(fd, st));
  TRY(syscall(SYS_fstat, fd, end - 8));
  struct timespec *t = (struct timespec *)(end - 8);
  TRY(syscall(SYS_clock_gettime, CLOCK_REALTIME, t));
  MUST(mprotect(p, 4096, PROT_READ));
  TRY(syscall(SYS_clock_gettime, CLOCK_REALTIME, p));
  TRY(pread(fd, p, 1, 0));
  TRY(pwrite(fd, p, 1, 0));
  MUST(mprotect(p, 4096, PROT_NONE));
  TRY(pwrite(fd, p, 1, 0));
  TRY(access(p, F_OK));
  return 0;
}
