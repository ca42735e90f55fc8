/* SIGFPE, SIGILL, SIGTRAP and SIGSEGV tell what happened. */
#include "case.h"

static sigjmp_buf back;

static void on(int signal, siginfo_t *info, void *context) {
  say("SIG%s code %d\n", sigabbrev_np(signal), info->si_code);
  siglongjmp(back, 1);
}

int main(void) {
  install_info(SIGFPE, on, 0);
  install_info(SIGILL, on, 0);
  install_info(SIGTRAP, on, 0);
  install_info(SIGSEGV, on, 0);
  volatile int zero = 0, x;
  if (!sigsetjmp(back, 1)) x = 1 / zero;
  if (!sigsetjmp(back, 1)) __asm__ volatile("ud2");
  if (!sigsetjmp(back, 1)) __asm__ volatile("int3");
  if (!sigsetjmp(back, 1)) __asm__ volatile("hlt");
  if (!sigsetjmp(back, 1)) x = *(volatile int *)0x8000000000000000;
  if (!sigsetjmp(back, 1)) x = *(volatile int *)16;
  if (!sigsetjmp(back, 1)) __asm__ volatile("int $0x70");
  (void)x;
  say("done\n");
  return 0;
}
