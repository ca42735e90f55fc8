/* Whoever ignores SIGCHLD, or says SA_NOCLDWAIT, has no zombies; wait then waits for all. */
#include "case.h"

static void ends(void) { _exit(3); }

static void try_wait(void) {
  pid_t pid = MUST(fork());
  if (pid == 0) ends();
  int status = 77;
  TRY(waitpid(pid, &status, 0));
  say("status %d\n", status);
}

int main(void) {
  signal(SIGCHLD, SIG_IGN);
  try_wait();
  struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};
  MUST(sigaction(SIGCHLD, &action, NULL));
  try_wait();
  signal(SIGCHLD, SIG_DFL);
  in_child("usual", ends);
  return 0;
}
