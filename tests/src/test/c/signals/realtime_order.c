/* Real-time signals queue with their values: lowest number first, then in order. */
#include "case.h"

static void on(int signal, siginfo_t *info, void *context) {
  say("RTMIN+%d value %d code %d from me %d\n", signal - SIGRTMIN, info->si_value.sival_int,
      info->si_code, info->si_pid == getpid());
}

int main(void) {
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < 3; i++) {
    sigaddset(&set, SIGRTMIN + i);
    install_info(SIGRTMIN + i, on, 0);
  }
  MUST(sigprocmask(SIG_BLOCK, &set, NULL));
  for (int i = 0; i < 6; i++) {
    union sigval value = {.sival_int = i};
    MUST(sigqueue(getpid(), SIGRTMIN + (5 - i) % 3, value));
  }
  MUST(kill(getpid(), SIGRTMIN + 1));
  MUST(sigprocmask(SIG_UNBLOCK, &set, NULL));
  return 0;
}
