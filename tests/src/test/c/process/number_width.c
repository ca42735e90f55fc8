// Of a system call's number the lower half counts, as a signed one.
#include "case.h"

int main(void) {
  static const long upper[] = {1L << 32, 1L << 47, (long)(1UL << 63), -1L << 32, 0x7fffffffL << 32};
  for (unsigned i = 0; i < sizeof upper / sizeof *upper; i++) {
    printf("getpid %d\n", syscall(upper[i] | SYS_getpid) == getpid());
    printf("getppid %d\n", syscall(upper[i] | SYS_getppid) == getppid());
    errno = 0;
    long result = syscall(upper[i] | SYS_close, -1);
    printf("close %ld %s\n", result, strerror(errno));
  }
  errno = 0;
  long result = syscall(0xffffffffL);
  printf("-1: %ld %s\n", result, strerror(errno));
  errno = 0;
  result = syscall(0x80000000L | SYS_getpid);
  printf("large: %ld %s\n", result, strerror(errno));
  return 0;
}
