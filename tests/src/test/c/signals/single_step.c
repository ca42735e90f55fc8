/* The trap flag raises SIGTRAP after each instruction. */
#include "case.h"

static volatile int steps;

static void on(int signal, siginfo_t *info, void *context) {
  steps++;
  if (steps == 1) say("code %d\n", info->si_code);
}

int main(void) {
  install_info(SIGTRAP, on, 0);
  __asm__ volatile(
      "pushfq\n orq $0x100, (%%rsp)\n popfq\n nop\n nop\n nop\n"
      "pushfq\n andq $~0x100, (%%rsp)\n popfq\n" ::: "memory", "cc");
  say("steps %d\n", steps > 3 && steps < 12);
  return 0;
}
