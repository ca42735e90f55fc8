/* The main stack grows up to its limit, and beyond it is SIGSEGV. */
#include "case.h"

static int depth(int n) {
  volatile char frame[64 * 1024];
  frame[0] = (char)n;
  int below = n > 0 ? depth(n - 1) : 0;
  return frame[0] == (char)n ? below + 1 : -1000;
}

static void too_deep(void) { say("%d\n", depth(100000)); }

static void on_alternate(int signal) {
  say("SIG%s on the alternate stack\n", sigabbrev_np(signal));
  _exit(3);
}

static void handled(void) {
  static char stack[65536];
  stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
  MUST(sigaltstack(&other, NULL));
  install(SIGSEGV, on_alternate, SA_ONSTACK);
  too_deep();
}

int main(void) {
  struct rlimit none = {0, 0};
  MUST(setrlimit(RLIMIT_CORE, &none));
  say("%d frames of 64 KiB\n", depth(100));
  in_child("too deep", too_deep);
  in_child("handled", handled);
  return 0;
}
