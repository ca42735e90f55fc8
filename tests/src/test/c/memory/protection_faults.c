/* Forbidden accesses are SIGSEGV with the right code and address. */
#include "case.h"

static sigjmp_buf back;
static char *base;

static void on_fault(int signal, siginfo_t *info, void *context) {
  ucontext_t *uc = context;
  say("SIG%s code %d at page %ld byte %ld, write %d, trap %lld\n", sigabbrev_np(signal),
      info->si_code, ((char *)info->si_addr - base) / 4096, ((char *)info->si_addr - base) % 4096,
      (int)(uc->uc_mcontext.gregs[REG_ERR] >> 1 & 1), uc->uc_mcontext.gregs[REG_TRAPNO]);
  siglongjmp(back, 1);
}

static void touch(const char *what, volatile char *at, int store) {
  if (sigsetjmp(back, 1) == 0) {
    if (store) *at = 1; else (void)*at;
    say("%s: fine\n", what);
  } else {
    say("%s: fault\n", what);
  }
}

int main(void) {
  install_info(SIGSEGV, on_fault, 0);
  base = mmap(NULL, 6 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  MUST(mprotect(base, 4096, PROT_NONE));
  MUST(mprotect(base + 4096, 4096, PROT_READ));
  MUST(munmap(base + 4 * 4096, 4096));
  touch("read none", base + 10, 0);
  touch("read ro", base + 4096 + 10, 0);
  touch("write ro", base + 4096 + 11, 1);
  touch("write rw", base + 2 * 4096, 1);
  touch("read hole", base + 4 * 4096 + 5, 0);
  touch("write hole", base + 4 * 4096 + 6, 1);
  MUST(mprotect(base, 8192, PROT_READ | PROT_WRITE));
  touch("write again", base + 11, 1);
  if (sigsetjmp(back, 1) == 0) {
    ((void (*)(void))(base + 2 * 4096))();
  } else {
    say("jump into data: fault\n");
  }
  return 0;
}
