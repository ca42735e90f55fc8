/* Numbers that no system call has. */
#include "case.h"

int main(void) {
  static const long numbers[] = {-1, 335, 423, 512, 600, 1000, 0x40000000, 0x7fffffff, 0x100000000 - 1};
  for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    long r = syscall(numbers[i], 0, 0, 0, 0, 0, 0);
    say("%ld: %s\n", numbers[i], r == -1 ? error_name(errno) : "ok");
  }
  return 0;
}
