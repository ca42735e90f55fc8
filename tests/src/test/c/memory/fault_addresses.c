/* Where a fault happened and why, for reads, writes and jumps, and in a thread of several. */
#include "case.h"

#define PAGE 4096L

static sigjmp_buf back;
static char *base;

static void on(int signal, siginfo_t *info, void *context) {
  ucontext_t *u = context;
  long error = u->uc_mcontext.gregs[REG_ERR];
  say("SIG%s code %d at base%+ld, error %ld, cr2 %d\n", sigabbrev_np(signal), info->si_code,
      (char *)info->si_addr - base, error & 0x17,
      u->uc_mcontext.gregs[REG_CR2] == (long)info->si_addr);
  siglongjmp(back, 1);
}

static void touch(const char *what, char *at, int write) {
  say("%s: ", what);
  if (!sigsetjmp(back, 1)) {
    if (write)
      *(volatile char *)at = 1;
    else
      (void)*(volatile char *)at;
    say("fine\n");
  }
}

static void jump(const char *what, char *at) {
  say("%s: ", what);
  if (!sigsetjmp(back, 1)) ((void (*)(void))at)();
}

static void *thread(void *unused) {
  touch("a thread", base + 5, 1);
  return unused;
}

int main(void) {
  scratch();
  install_info(SIGSEGV, on, 0);
  install_info(SIGBUS, on, 0);
  base = mmap(NULL, 8 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  MUST(mprotect(base + PAGE, PAGE, PROT_READ));
  MUST(mprotect(base + 2 * PAGE, PAGE, PROT_READ | PROT_WRITE));
  MUST(munmap(base + 3 * PAGE, PAGE));
  touch("read of none", base + 17, 0);
  touch("write of none", base + 18, 1);
  touch("read of read-only", base + PAGE + 3, 0);
  touch("write of read-only", base + PAGE + 4, 1);
  touch("read of unmapped", base + 3 * PAGE + 7, 0);
  touch("write of unmapped", base + 3 * PAGE + 8, 1);
  touch("write of writable", base + 2 * PAGE, 1);
  jump("jump to data", base + 2 * PAGE);
  jump("jump to unmapped", base + 3 * PAGE);
  jump("jump to none", base);

  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  MUST(ftruncate(fd, PAGE + 1));
  OK(mmap(base + 4 * PAGE, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0));
  touch("last page", base + 5 * PAGE + 100, 0);
  touch("read past the end", base + 6 * PAGE + 100, 0);
  touch("write past the end", base + 6 * PAGE + 101, 1);
  MUST(ftruncate(fd, 0));
  touch("truncated", base + 4 * PAGE + 9, 0);
  OK(mmap(base + 4 * PAGE, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0));
  touch("private past the end", base + 4 * PAGE + 11, 1);

  pthread_t t;
  MUST(pthread_create(&t, NULL, thread, NULL));
  pthread_join(t, NULL);
  return 0;
}
