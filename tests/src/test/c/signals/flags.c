/* SA_RESETHAND, SA_NODEFER, sa_mask, SA_ONSTACK. */
#include "case.h"

static int depth;

static void nested(int signal) {
  depth++;
  say("enter %d\n", depth);
  if (depth < 3) raise(signal);
  say("leave %d\n", depth);
  depth--;
}

static void masked(int signal) {
  raise(SIGUSR2);
  sigset_t pending;
  sigpending(&pending);
  say("SIGUSR2 waits: %d\n", sigismember(&pending, SIGUSR2));
}

static void second(int signal) { say("SIGUSR2 now\n"); }

static char room[65536];

static void on_stack(int signal) {
  char here;
  stack_t s;
  sigaltstack(NULL, &s);
  say("on the alternate stack %d, flags %d\n", &here >= room && &here < room + sizeof room, s.ss_flags);
  TRY(sigaltstack(&s, NULL));
}

int main(void) {
  install(SIGUSR1, nested, SA_NODEFER);
  raise(SIGUSR1);
  depth = 0;
  install(SIGUSR1, nested, SA_RESETHAND | SA_NODEFER);
  depth = 2;
  raise(SIGUSR1);
  struct sigaction old;
  sigaction(SIGUSR1, NULL, &old);
  say("reset %d\n", old.sa_handler == SIG_DFL);
  struct sigaction action = {.sa_handler = masked};
  sigaddset(&action.sa_mask, SIGUSR2);
  sigaction(SIGUSR1, &action, NULL);
  install(SIGUSR2, second, 0);
  raise(SIGUSR1);
  stack_t alternate = {.ss_sp = room, .ss_size = sizeof room};
  TRY(sigaltstack(&alternate, NULL));
  install(SIGUSR1, on_stack, SA_ONSTACK);
  raise(SIGUSR1);
  alternate.ss_size = 10;
  TRY(sigaltstack(&alternate, NULL));
  alternate.ss_flags = 0x40;
  TRY(sigaltstack(&alternate, NULL));
  alternate.ss_flags = SS_DISABLE;
  TRY(sigaltstack(&alternate, NULL));
  TRY(sigaltstack(BAD, NULL));
  return 0;
}
