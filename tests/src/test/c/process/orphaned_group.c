/* A stopped group that becomes orphaned gets SIGHUP and SIGCONT. */
#include "case.h"

static int out;

static void told(int signal) {
  const char *name = signal == SIGHUP ? "hup " : "cont ";
  write(out, name, strlen(name));
}

int main(void) {
  int ends[2];
  MUST(pipe(ends));
  out = ends[1];
  MUST(prctl(PR_SET_CHILD_SUBREAPER, 1));
  pid_t middle = MUST(fork());
  if (middle == 0) {
    setsid();
    pid_t pid = fork();
    if (pid == 0) {
      setpgid(0, 0);
      sigset_t both, none;
      sigemptyset(&both);
      sigemptyset(&none);
      sigaddset(&both, SIGHUP);
      sigaddset(&both, SIGCONT);
      sigprocmask(SIG_BLOCK, &both, NULL);
      install(SIGHUP, told, 0);
      install(SIGCONT, told, 0);
      raise(SIGSTOP);
      while (sigsuspend(&none) == -1) {
        sigset_t left;
        sigpending(&left);
        if (!sigismember(&left, SIGHUP) && !sigismember(&left, SIGCONT)) _exit(0);
      }
    }
    int status;
    waitpid(pid, &status, WUNTRACED);
    say_status("grandchild", status);
    _exit(0);
  }
  reap("middle", middle);
  close(ends[1]);
  char text[64] = "";
  int n = 0, r;
  while ((r = read(ends[0], text + n, sizeof text - 1 - n)) > 0) n += r;
  say("hup %d cont %d\n", strstr(text, "hup") != NULL, strstr(text, "cont") != NULL);
  int status;
  MUST(waitpid(-1, &status, 0));
  say_status("orphan", status);
  return 0;
}
