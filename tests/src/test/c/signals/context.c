/* A handler can change where and with what the program goes on. */
#include "case.h"

static void skip(int signal, siginfo_t *info, void *context) {
  ucontext_t *uc = context;
  uc->uc_mcontext.gregs[REG_RIP] += 2; /* ud2 */
  uc->uc_mcontext.gregs[REG_RAX] = 1234;
  sigaddset(&uc->uc_sigmask, SIGUSR2);
  say("SIG%s code %d address is rip: %d\n", sigabbrev_np(signal), info->si_code,
      (long)info->si_addr + 2 == uc->uc_mcontext.gregs[REG_RIP]);
}

int main(void) {
  install_info(SIGILL, skip, 0);
  long value;
  __asm__ volatile("xor %%eax, %%eax\n ud2\n" : "=a"(value));
  sigset_t mask;
  sigprocmask(SIG_BLOCK, NULL, &mask);
  say("value %ld, mask changed %d\n", value, sigismember(&mask, SIGUSR2));
  return 0;
}
