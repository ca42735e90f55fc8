/* SIGCHLD says who ended and how. */
#include "case.h"

static volatile siginfo_t last;

static void on(int signal, siginfo_t *info, void *context) { last = *info; }

static void run(const char *what, int kill_with) {
  pid_t pid = MUST(fork());
  if (pid == 0) {
    if (kill_with) raise(kill_with);
    _exit(17);
  }
  while (waitpid(pid, NULL, 0) == -1) continue;
  say("%s: code %d status %d pid %d uid %d\n", what, last.si_code, last.si_status, last.si_pid == pid,
      last.si_uid);
}

int main(void) {
  struct rlimit none = {0, 0};
  MUST(setrlimit(RLIMIT_CORE, &none));
  install_info(SIGCHLD, on, SA_RESTART);
  run("exit", 0);
  run("term", SIGTERM);
  run("abort", SIGABRT);
  install_info(SIGCHLD, on, SA_RESTART | SA_NOCLDSTOP);
  memset((void *)&last, 0, sizeof last);
  pid_t pid = MUST(fork());
  if (pid == 0) for (;;) pause();
  kill(pid, SIGSTOP);
  MUST(waitpid(pid, NULL, WUNTRACED));
  say("stopped: %d\n", last.si_signo);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  say("killed: code %d status %d\n", last.si_code, last.si_status);
  return 0;
}
