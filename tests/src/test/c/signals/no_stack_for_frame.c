/* A frame that does not fit is SIGSEGV, which an alternate stack can take. */
#include "case.h"

static char room[65536];

static void on_fault(int signal) {
  say("SIG%s\n", sigabbrev_np(signal));
  _exit(9);
}

static void on(int signal) { say("never\n"); }

static void bad_stack(void) {
  stack_t s = {.ss_sp = room, .ss_size = sizeof room};
  MUST(sigaltstack(&s, NULL));
  install(SIGSEGV, on_fault, SA_ONSTACK);
  install(SIGUSR1, on, 0);
  __asm__ volatile(
      "mov $16, %%rsp\n mov $62, %%eax\n syscall\n" ::"D"((long)getpid()), "S"((long)SIGUSR1) : "memory");
}

static void without(void) {
  install(SIGUSR1, on, 0);
  __asm__ volatile(
      "mov $16, %%rsp\n mov $62, %%eax\n syscall\n" ::"D"((long)getpid()), "S"((long)SIGUSR1) : "memory");
}

int main(void) {
  struct rlimit none = {0, 0};
  MUST(setrlimit(RLIMIT_CORE, &none));
  in_child("alternate", bad_stack);
  in_child("without", without);
  return 0;
}
