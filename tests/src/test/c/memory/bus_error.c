/* Behind the end of a mapped file is SIGBUS, also when the end comes nearer later. */
#include "case.h"

static sigjmp_buf back;
static char *base;

static void on_fault(int signal, siginfo_t *info, void *context) {
  say("SIG%s code %d offset %ld\n", sigabbrev_np(signal), info->si_code,
      (long)((char *)info->si_addr - base));
  siglongjmp(back, 1);
}

static void touch(long offset) {
  if (sigsetjmp(back, 1) == 0) say("at %ld: %d\n", offset, *(volatile char *)(base + offset));
}

int main(void) {
  scratch();
  install_info(SIGBUS, on_fault, 0);
  install_info(SIGSEGV, on_fault, 0);
  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  MUST(write(fd, "abc", 3));
  base = mmap(NULL, 3 * 4096, PROT_READ, MAP_SHARED, fd, 0);
  touch(1);
  touch(4095);
  touch(4096 + 7);
  MUST(ftruncate(fd, 2 * 4096));
  touch(4096 + 7);
  touch(2 * 4096);
  MUST(ftruncate(fd, 0));
  touch(0);
  int ends[2];
  MUST(pipe(ends));
  TRY(write(ends[1], base, 1));
  return 0;
}
