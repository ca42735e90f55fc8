/* Leaving a handler by siglongjmp restores the mask. */
#include "case.h"

static sigjmp_buf back;

static void on(int signal) { siglongjmp(back, signal); }

int main(void) {
  install(SIGUSR1, on, 0);
  for (volatile int i = 0; i < 3; i++) {
    int r = sigsetjmp(back, 1);
    if (r == 0) raise(SIGUSR1);
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    say("back with %d, blocked %d\n", r, sigismember(&mask, SIGUSR1));
  }
  return 0;
}
